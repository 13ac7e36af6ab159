"""The next character of a text."""

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks import EXAMPLES, task


def test_the_targets_of_a_window_are_the_next_characters(rng):
    found = task("text", 5, "abcdefghij")
    batch = found.draw(rng, 100)
    assert (batch.targets[:-1] == batch.x[1:]).all()
    windows = {"".join(found.reads(batch, b)) for b in range(100)}
    assert windows == {"abcde", "bcdef", "cdefg", "defgh", "efghi"}
    assert {found.targets(batch, b)[-1] for b in range(100)} == set("fghij")


def test_the_probes_are_the_beginning_the_middle_and_the_end():
    found = task("text", 4, "abcdefghij")
    assert [found.text(found.probes, b) for b in range(3)] == [
        ("abcde", ""),
        ("defgh", ""),
        ("fghij", ""),
    ]


def test_the_targets_of_a_typed_text_are_its_own_next_characters():
    found = task("text")
    assert found.targets(found.parse("the sea"), 0) == tuple("he sea")


def test_the_baseline_is_the_entropy_of_the_characters(rng):
    found = task("text")
    targets = found.draw(rng, 5_000).targets
    p = np.bincount(targets.ravel(), minlength=found.outputs) / targets.size
    assert -np.log(p[targets]).mean() == pytest.approx(found.baseline, rel=0.02)


def test_a_character_is_a_grapheme_cluster():
    found = task("text", 2, "👨‍👩‍👧é" * 3)
    assert found.vocabulary == ("👨‍👩‍👧", "é")


def test_there_is_a_default_text():
    assert len(EXAMPLES["text"]) > 1_500
    assert "\n" not in EXAMPLES["text"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("short_text", "abcabcabcabc"),
        ("one_character", "a" * 100),
        ("one_character", " " * 100),
        ("long_text", "ab" * 50_001),
        ("many_classes", "".join(chr(0x4E00 + k) for k in range(3_001))),
    ],
)
def test_a_bad_text_is_an_error_that_says_what_to_do(code, text):
    with pytest.raises(ExperimentError) as error:
        task("text", 10, text)
    assert (error.value.field, error.value.code) == ("examples", code)
    assert len(str(error.value)) < 200


def test_a_text_as_long_as_can_be_is_taken():
    assert task("text", 10, "ab" * 50_000).inputs == 2


def test_a_text_can_be_as_short_as_three_windows():
    found = task("text", 10, "abcabcabcabca")
    assert found.timesteps == 10
