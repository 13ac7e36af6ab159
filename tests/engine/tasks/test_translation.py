"""Dates, numbers and words backwards."""

from datetime import date

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks import task
from unrolled.engine.tasks.translation import SHORTEST_WORD, roman, spoken


def target_of(found, batch, b=0):
    return "".join(token for token in found.targets(batch, b) if token)


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (1, "I"),
        (4, "IV"),
        (9, "IX"),
        (14, "XIV"),
        (42, "XLII"),
        (90, "XC"),
        (399, "CCCXCIX"),
        (1994, "MCMXCIV"),
    ],
)
def test_roman_numerals(number, numeral):
    assert roman(number) == numeral


def test_a_date_as_it_is_spoken():
    assert spoken(date(2026, 11, 23)) == "23 Nov 2026"


@pytest.mark.parametrize(
    ("name", "sequence", "answer"),
    [
        ("dates", "23 Nov 2026", "2026-11-23"),
        ("dates", "29 Feb 2000", "2000-02-29"),
        ("dates", "31 Dec 2029", "2029-12-31"),
        ("numbers", "XLII", "42"),
        ("numbers", "CCCXCIX", "399"),
        ("reverse", "drawer", "reward"),
    ],
)
def test_a_typed_word_has_its_translation_and_an_end_as_targets(name, sequence, answer):
    found = task(name)
    batch = found.parse(sequence)
    assert target_of(found, batch) == answer + "</s>"
    decoder = np.array(found.reads(batch, 0))[batch.parts == 1]
    assert decoder.tolist() == ["<s>", *answer]


@pytest.mark.parametrize(("name", "sequence"), [("dates", "30 Feb 2024"), ("numbers", "IIX")])
def test_a_sequence_outside_the_list_needs_a_target(name, sequence):
    with pytest.raises(ExperimentError) as error:
        task(name).parse(sequence)
    assert (error.value.field, error.value.code) == ("target", "no_target")


def test_a_drawn_word_is_a_word_as_it_is_typed(rng):
    found = task("reverse", 8)
    batch = found.draw(rng, 200)
    sizes = set()
    for b in range(200):
        word, backwards = found.text(batch, b)
        sizes.add(len(word))
        assert backwards == word[::-1]
        alone = found.parse(word)
        own = (batch.x[:, b] >= 0) | (batch.targets[:, b] >= 0)
        assert (batch.x[own, b] == alone.x[:, 0]).all()
        assert (batch.targets[own, b] == alone.targets[:, 0]).all()
        assert (batch.parts[own] == alone.parts).all()
    assert sizes == set(range(SHORTEST_WORD, 9))


def test_reverses_baseline_is_the_loss_of_any_letter_alike_and_an_end_as_often_as_it_comes(rng):
    found = task("reverse", 8)
    targets = found.draw(rng, 20_000).targets
    classes = targets[targets >= 0]
    p = np.bincount(classes, minlength=found.outputs) / len(classes)
    assert -np.log(p[classes]).mean() == pytest.approx(found.baseline, rel=0.005)
