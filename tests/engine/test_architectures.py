"""The timesteps of each architecture that take an input, and those that have a target."""

import numpy as np
import pytest

from unrolled.engine import ARCHITECTURES, Experiment, ExperimentError


def problem(sequence, **fields):
    return Experiment(sequence=sequence, **fields).problem()


def targets(problem):
    return [problem.vocabulary[target] if target >= 0 else None for target in problem.targets]


def test_many_to_one_reads_all_tokens_but_the_last_which_is_the_target():
    found = problem("the clouds are in the sky", tokens="words")
    assert found.tokens == ("the", "clouds", "are", "in", "the")
    assert targets(found) == [None, None, None, None, "sky"]


def test_many_to_one_with_a_label_reads_every_token():
    found = problem("abc", target="a label of several words")
    assert found.tokens == ("a", "b", "c")
    assert targets(found) == [None, None, "a label of several words"]


def test_the_targets_of_many_to_many_are_the_next_tokens():
    found = problem("abca", architecture="many-to-many")
    assert found.tokens == ("a", "b", "c")
    assert targets(found) == ["b", "c", "a"]


def test_many_to_many_with_tags_reads_every_token_and_has_a_tag_for_each():
    found = problem("the sky", tokens="words", target="DET NOUN", architecture="many-to-many")
    assert found.tokens == ("the", "sky")
    assert targets(found) == ["DET", "NOUN"]


def test_tags_without_white_space_are_one_token_each():
    assert targets(problem("abc", target="xyz", architecture="many-to-many")) == ["x", "y", "z"]
    assert targets(problem("a", target=" x ", architecture="many-to-many", tokens="words")) == ["x"]


def test_one_tag_for_one_token_is_enough():
    found = problem("sky", target="NOUN", tokens="words", architecture="many-to-many")
    assert targets(found) == ["NOUN"]


@pytest.mark.parametrize("target", ["x", "x y", "x y z w", "wxyz"])
def test_tags_must_be_as_many_as_tokens(target):
    with pytest.raises(ExperimentError, match="3 tokens"):
        problem("abc", target=target, architecture="many-to-many")


def test_the_vocabulary_is_what_occurs_in_order_of_first_appearance():
    found = problem("abcab", target="z")
    assert found.vocabulary == ("a", "b", "c", "z")
    assert found.inputs.tolist() == [0, 1, 2, 0, 1]


def test_a_target_that_also_occurs_in_the_sequence_is_the_same_class():
    found = problem("abc", target="b")
    assert found.vocabulary == ("a", "b", "c")
    assert found.targets[-1] == 1


@pytest.mark.parametrize("architecture", ["many-to-one", "many-to-many"])
def test_a_growing_sequence_keeps_the_numbers_of_the_tokens_it_had(architecture):
    text = "the clouds are in the sky"
    for length in range(2, len(text)):
        shorter = problem(text[:length], architecture=architecture).vocabulary
        longer = problem(text[: length + 1], architecture=architecture).vocabulary
        assert longer[: len(shorter)] == shorter


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_timestep_has_a_token_an_input_and_a_target_or_none(architecture):
    found = problem("the sky", architecture=architecture)
    T, V = len(found.tokens), len(found.vocabulary)
    assert found.inputs.shape == found.targets.shape == (T,)
    assert np.issubdtype(found.inputs.dtype, np.integer)
    assert found.targets.max() < V
    assert found.targets.min() >= -1
    assert (found.targets >= 0).any()


def test_one_to_many_reads_the_first_token_and_then_nothing():
    found = problem("abcd", architecture="one-to-many")
    assert found.tokens == ("a", "", "")
    assert found.inputs.tolist() == [0, -1, -1]
    assert targets(found) == ["b", "c", "d"]


def test_one_to_many_with_a_target_is_as_long_as_the_target():
    found = problem("a", target="xyz z", architecture="one-to-many")
    assert found.tokens == ("a", "", "", "", "")
    assert targets(found) == ["x", "y", "z", " ", "z"]


def test_a_decoder_is_fed_the_start_symbol_and_then_the_target_shifted_by_one():
    found = problem("ab", target="xyz", architecture="encoder-decoder")
    assert found.tokens == ("a", "b", "<s>", "x", "y")
    assert targets(found) == [None, None, "x", "y", "z"]
    assert found.parts.tolist() == [0, 0, 1, 1, 1]
    assert set(found.vocabulary) == {"a", "b", "<s>", "x", "y", "z"}


def test_the_default_target_of_an_encoder_decoder_is_the_sequence_itself():
    found = problem("the sky", tokens="words", architecture="encoder-decoder")
    assert targets(found) == [None, None, "the", "sky"]


@pytest.mark.parametrize("architecture", ["one-to-many", "encoder-decoder"])
def test_a_target_can_be_too_long_and_blank(architecture):
    with pytest.raises(ExperimentError, match="target has 2001 tokens"):
        problem("ab", target="x" * 2001, architecture=architecture)
    with pytest.raises(ExperimentError, match="target has no words"):
        problem("ab", target="  ", tokens="words", architecture=architecture)
