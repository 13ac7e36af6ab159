"""The user's own lines: what is made of them, and what is wrong with them."""

from itertools import product
from string import ascii_lowercase

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unrolled.engine import MESSAGES, ExperimentError
from unrolled.engine.tasks import EXAMPLES, task
from unrolled.engine.tasks.user_examples import HELD_OUT_FROM, lines_of

NUMERALS = "\n".join(f"{'i' * n} => {n}" for n in range(1, 12))


def made_of(*lines):
    return task("examples", 0, "\n".join(lines))


def targets(found, b=0):
    return [text for text in found.targets(found.probes, b) if text]


def test_outputs_of_one_token_are_classes():
    found = made_of("I am glad => good", "I am sad => bad")
    assert (found.architecture, found.tokens) == ("many-to-one", "words")
    assert found.reads(found.probes, 0) == ("I", "am", "glad")
    assert targets(found) == ["good"]


def test_outputs_that_recur_are_classes_whatever_they_are_made_of():
    found = made_of("anna => a girl", "bob => a boy", "eva => a girl", "tom => a boy")
    assert (found.architecture, found.tokens) == ("many-to-one", "characters")
    assert targets(found) == ["a girl"]


def test_as_many_outputs_as_tokens_are_tags():
    found = made_of("the cat sleeps => DET NOUN VERB", "she sings => PRON VERB", "it => PRON")
    assert (found.architecture, found.tokens) == ("many-to-many", "words")
    assert targets(found) == ["DET", "NOUN", "VERB"]


def test_tags_are_no_classes_though_they_recur():
    found = made_of("the cat => DET NOUN", "a dog => DET NOUN", "a bird => DET NOUN", "he => PRON")
    assert found.architecture == "many-to-many"


def test_a_few_words_that_recur_are_classes_of_inputs_that_are_longer():
    found = made_of("we had a day => very good", "it was bad => very bad", "ah yes => very good")
    assert found.architecture == "encoder-decoder"
    found = made_of(*["I am glad today => very good", "we are sad => not good"] * 2)
    assert (found.architecture, targets(found)) == ("many-to-one", ["very good"])


def test_chinese_is_cut_into_words():
    found = made_of("我喜欢猫 => 代词 动词 名词", "老鼠怕猫 => 名词 动词 名词")
    assert (found.architecture, found.tokens) == ("many-to-many", "words")
    assert found.reads(found.probes, 0) == ("我", "喜欢", "猫")


def test_anything_else_is_translated_by_an_encoder_and_a_decoder():
    found = made_of("le chat => the cat", "il pleut => it rains today")
    assert (found.architecture, found.tokens) == ("encoder-decoder", "words")
    assert targets(found, 1) == ["it", "rains", "today", "</s>"]


def test_words_backwards_are_no_tags_though_they_are_as_long():
    found = made_of("stop => pots", "live => evil")
    assert (found.architecture, found.tokens) == ("encoder-decoder", "characters")


def test_numbers_are_spelt_out():
    found = made_of("1 May 2024 => 2024-05-01", "2 May 2024 => 2024-05-02")
    assert (found.architecture, found.tokens) == ("encoder-decoder", "characters")


def test_a_decoder_reads_the_start_and_then_the_target_shifted_by_one():
    found = made_of("ab => xyz", "c => pq")
    decoder = found.probes.parts == 1
    for b, answer in enumerate(["xyz", "pq"]):
        reads = [text for text in np.array(found.reads(found.probes, b))[decoder] if text]
        assert reads == ["<s>", *answer]
        assert targets(found, b) == [*answer, "</s>"]


def test_empty_lines_mean_nothing():
    assert [line.number for line in lines_of("\na => 1\n \nb => 2\n\n")] == [2, 4]


def test_few_lines_are_all_trained_on_and_asked_in_turn():
    found = made_of("a => 1", "b => 2")
    assert [found.text(found.probes, b) for b in range(3)] == [("a", "1"), ("b", "2"), ("a", "1")]


def test_the_last_three_of_many_lines_are_only_asked(rng):
    lines = [
        f"{'ab' * n} => {'even' if n % 2 == 0 else 'odd'}" for n in range(1, HELD_OUT_FROM + 1)
    ]
    found = made_of(*lines)
    batch = found.draw(rng, 500)
    drawn = {found.text(batch, b)[0] for b in range(500)}
    asked = {found.text(found.probes, b)[0] for b in range(3)}
    assert asked == {"ab" * n for n in (10, 11, 12)}
    assert drawn == {"ab" * n for n in range(1, 10)}


def test_the_baseline_is_the_entropy_of_the_classes_that_are_trained_on():
    found = made_of("a => x", "b => x", "c => x", "d => y")
    assert found.baseline == pytest.approx(0.5623351446188083, rel=1e-12)


def test_a_sequence_of_the_list_needs_no_target():
    found = made_of("I am glad => good", "I am sad => bad")
    assert found.targets(found.parse("I am sad"), 0)[-1] == "bad"


def test_a_new_sequence_asks_for_its_target_and_shows_one():
    found = made_of("I am glad => good", "I am sad => bad")
    with pytest.raises(ExperimentError, match="type it, for example good") as error:
        found.parse("glad I am")
    assert error.value.field == "target"
    assert found.targets(found.parse("glad I am", "bad"), 0)[-1] == "bad"


def test_a_blank_that_is_not_known_is_quoted():
    found = made_of("ab => x", "cd => y")
    with pytest.raises(ExperimentError, match="has ' ', which this task does not know"):
        found.parse("a b", "x")


def test_a_target_of_no_training_line_is_an_error_that_names_what_is_known():
    found = made_of("I am glad => good", "I am sad => bad")
    with pytest.raises(ExperimentError, match="ugly, which this task does not know") as error:
        found.parse("I am sad", "ugly")
    assert (error.value.field, error.value.code) == ("target", "unknown_token")


def test_there_are_default_examples():
    assert task("examples").text(task("examples").probes, 2) == ("formaggio", "Italian")
    assert len(lines_of(EXAMPLES["examples"])) >= HELD_OUT_FROM


BAD = {
    "few_lines": [" ", "\n\n", "a => 1"],
    "many_lines": ["a => 1\nb => 2\n" * 5_000],
    "line_characters": ["a => 1\nb => " + "x" * 1_000_000, "a => 1\n" + "x" * 2_001 + " => 2"],
    "line_tokens": ["a => 1\n" + "a " * 201 + "=> 2", "a => b c\nb => " + "x" * 201],
    "no_arrow": ["a => 1\nb 2", "a => 1\nb -> 2"],
    "no_input": ["a => 1\n => 2", "a => 1\n=>"],
    "no_output": ["a => 1\nb =>"],
    "one_output": ["a => 1\nb => 1", "a b => X\nc d => X"],
    "ragged": ["the cat => D N\na dog => D N\nit => P\na hen runs => D N"],
    "never_taught": [NUMERALS + "\nz => 12"],
    "many_classes": [
        "".join(
            f"{a}{b}p {a}{b}q {a}{b}r {a}{b}s {a}{b}t => {a}{b}u\n"
            for a, b in product(ascii_lowercase, repeat=2)
        )
    ],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in BAD for text in BAD[code]])
def test_bad_lines_are_an_error_that_says_what_to_do(code, text):
    with pytest.raises(ExperimentError) as error:
        task("examples", 0, text)
    assert (error.value.field, error.value.code) == ("examples", code)
    assert len(str(error.value)) < 300
    named = error.value.details.get("line")
    assert named == {"never_taught": 10, "ragged": 4}.get(
        code, 2 if "{line}" in MESSAGES[code] else None
    )


@given(st.text("ab 1猫=>\n\t\u2028👍", max_size=60))
@example("a=>b\nb=>a=>b")
@example("a => 1 1\nb => <s>")
@example("</s> => </s>\nb => c d e")
def test_any_text_is_a_task_or_an_error_that_can_be_said(text):
    try:
        found = task("examples", 0, text or " ")
    except ExperimentError as error:
        assert error.field == "examples"
        return
    for b in range(3):
        again = found.parse(*found.text(found.probes, b))
        assert [each for each in found.targets(again, 0) if each] == targets(found, b)


def test_a_thousand_long_lines_are_taken():
    lines = [f"{'ab' * (k % 90)}c => {'x' if k % 2 else 'y'}" for k in range(1000)]
    found = made_of(*lines)
    assert found.timesteps == 2 * 89 + 1
