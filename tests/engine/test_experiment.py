"""The fields that an experiment accepts, and its errors about others."""

import copy
import math
import pickle
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction

import numpy as np
import pytest

from unrolled.engine import CHOICES, MESSAGES, RANGES, Experiment, ExperimentError

WHOLE = ("hidden_size", "seed", "truncate", "chrono", "layers", "directions", "layer")
DEFAULTS = Experiment().named()


def error_of(**values):
    with pytest.raises(ExperimentError) as caught:
        Experiment.of(values)
    assert isinstance(caught.value, ValueError)
    return caught.value


def test_the_defaults_are_those_of_the_contract():
    assert DEFAULTS == {
        "sequence": "the clouds are in the sky",
        "tokens": "characters",
        "cell": "rnn",
        "activation": "tanh",
        "architecture": "many-to-one",
        "attention": "none",
        "target": "",
        "labels": "",
        "hidden_size": 16,
        "initialization": "orthogonal",
        "recurrent_scale": 1.0,
        "input_scale": 1.0,
        "forget_bias": 1.0,
        "update_bias": 0.0,
        "seed": 0,
        "clip_norm": 0.0,
        "truncate": 0,
        "chrono": 0,
        "loss": "last",
        "by_hand": "",
        "layers": 1,
        "directions": 1,
        "layer": 0,
    }


def test_equal_fields_make_equal_experiments_with_equal_hashes():
    one, same, other = Experiment(seed=3), Experiment(seed=3), Experiment(seed=4)
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert len({one, same, other}) == 2


def test_an_experiment_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Experiment().seed = 1  # type: ignore[misc]


def test_an_experiment_survives_copying_and_pickling():
    experiment = Experiment(cell="lstm", forget_bias=-3)
    assert copy.deepcopy(experiment) == experiment
    assert pickle.loads(pickle.dumps(experiment)) == experiment
    assert Experiment.of(experiment.named()) == experiment


def test_replacing_a_field_checks_it_again():
    with pytest.raises(ExperimentError):
        replace(Experiment(), hidden_size=0)


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RANGES)
def test_both_ends_of_a_range_are_inside(name):
    low, high = RANGES[name]
    for end in (low, high):
        more = {"layers": 4, "directions": 2} if name == "layer" else {}
        assert getattr(Experiment.of({"cell": "lstm", name: end} | more), name) == end


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "value",
    [
        float("nan"), float("inf"), float("-inf"), True, False, None, "1", b"1", [1], {}, 1j,
        10**400, -(10**400), np.nan, np.inf, np.array([1.0]), np.array(1), np.True_,
        np.complex128(1), object,
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_a_value_that_is_not_a_number_in_the_range_is_refused_by_name(name, value):
    error = error_of(**{name: value})
    assert error.field == name
    assert error.code == ("integer" if name in WHOLE else "number")
    low, high = RANGES[name]
    assert f"{name} must be a " in str(error)
    assert f"from {low} to {high}, got " in str(error)


@pytest.mark.parametrize("name", RANGES)
def test_just_outside_a_range_is_refused_and_quoted(name):
    low, high = RANGES[name]
    for value in (low - 1, high + 1):
        assert str(error_of(**{name: value})).endswith(f"got {value}")


@pytest.mark.parametrize("name", ["recurrent_scale", "input_scale"])
def test_a_scale_just_below_zero_is_refused(name):
    assert error_of(**{name: -5e-324}).field == name
    assert getattr(Experiment.of({name: 5e-324}), name) == 5e-324


@pytest.mark.parametrize("value", [16.0, np.float64(16), Fraction(16)])
def test_a_whole_number_may_have_a_point(value):
    found = Experiment(hidden_size=value).hidden_size
    assert (found, type(found)) == (16, int)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", [1.5, np.float64(2.5), Fraction(1, 2), math.nan, math.inf])
def test_a_whole_number_is_not_given_as_a_fraction(name, value):
    assert error_of(**{name: value}).code == "integer"


@pytest.mark.parametrize("name", RANGES)
def test_an_integer_too_long_to_print_is_refused_all_the_same(name):
    error = error_of(**{name: 10**10_000})
    assert error.field == name
    assert len(str(error)) < 200


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.uint32, np.float32, np.float64, np.float16])
def test_numpy_scalars_become_plain_numbers(kind):
    if issubclass(kind, np.integer):
        experiment = Experiment(hidden_size=kind(7), seed=kind(5))
        assert (type(experiment.hidden_size), type(experiment.seed)) == (int, int)
        assert (experiment.hidden_size, experiment.seed) == (7, 5)
    experiment = Experiment(recurrent_scale=kind(2), forget_bias=kind(3))
    assert type(experiment.recurrent_scale) is type(experiment.forget_bias) is float
    assert experiment == Experiment(recurrent_scale=2.0, forget_bias=3.0)


def test_a_whole_number_where_a_real_one_belongs_becomes_a_float():
    assert type(Experiment(recurrent_scale=2).recurrent_scale) is float


# --- choices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_accepted(name):
    for value in CHOICES[name]:
        beside = {"architecture": "encoder-decoder"} if name == "attention" else {}
        assert getattr(Experiment.of({**beside, name: value}), name) == value


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["", "nope", "RNN ", None, 3, ["rnn"], {"a": 1}, "\ud800", b"x"])
def test_an_unknown_choice_is_refused_with_the_choices(name, value):
    error = error_of(**{name: value})
    assert (error.field, error.code) == (name, "choice")
    assert all(choice in str(error) for choice in CHOICES[name])
    str(error).encode()


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "identity"])
def test_a_gated_cell_refuses_another_activation(cell, activation):
    error = error_of(cell=cell, activation=activation)
    assert error.field == "activation"
    assert cell in str(error)
    assert activation in str(error)
    assert "choose tanh" in str(error)


@pytest.mark.parametrize("cell", ["rnn", "feedforward"])
def test_a_cell_without_gates_refuses_chrono(cell):
    error = error_of(cell=cell, chrono=20)
    assert (error.field, error.code) == ("chrono", "no_gates")
    assert f"got 20, and the {cell} cell has no gates" in str(error)
    assert "choose 0, or one of lstm, gru" in str(error)
    assert Experiment(cell=cell, chrono=0).chrono == 0


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_shortest_memory_of_chrono_is_two_timesteps(cell):
    error = error_of(cell=cell, chrono=1)
    assert (error.field, error.code) == ("chrono", "no_time")
    assert "0 (off) or at least 2 timesteps, got 1" in str(error)
    assert Experiment(cell=cell, chrono=2).chrono == 2


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sequence", "target"])
@pytest.mark.parametrize("value", [None, 3, 3.0, b"text", ["a", "b"], {"a": 1}, True, float("nan")])
def test_a_value_that_is_not_text_is_refused(name, value):
    error = error_of(**{name: value})
    assert (error.field, error.code) == (name, "text")
    assert str(error).startswith(f"{name} must be text, got ")


@pytest.mark.parametrize("name", ["sequence", "target"])
@pytest.mark.parametrize("half", ["\ud800", "\udbff", "\udc00", "\udfff"])
def test_an_unpaired_surrogate_is_refused_with_its_position(name, half):
    error = error_of(**{name: f"ab{half}c"})
    assert (error.field, error.code) == (name, "surrogate")
    assert f"U+{ord(half):04X}" in str(error)
    assert "position 3" in str(error)
    str(error).encode()


@pytest.mark.parametrize(("tokens", "code"), [("characters", "empty"), ("words", "empty")])
def test_an_empty_sequence_is_refused(tokens, code):
    error = error_of(sequence="", tokens=tokens)
    assert (error.field, error.code) == ("sequence", code)
    assert "type at least one character" in str(error)


def test_a_sequence_of_white_space_has_no_words_but_has_characters():
    error = error_of(sequence=" \n ", tokens="words")
    assert (error.field, error.code) == ("sequence", "blank")
    assert Experiment(sequence=" \n ").problem().tokens == (" ", "\n")


def test_two_thousand_tokens_are_the_most():
    assert len(Experiment(sequence="a" * 2000).problem().tokens) == 1999
    error = error_of(sequence="a" * 2001)
    assert (error.field, error.code) == ("sequence", "too_long")
    assert "2001 tokens" in str(error)
    assert "2000" in str(error)


def test_the_limit_counts_tokens_not_code_points():
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    assert len(Experiment(sequence=family * 2000).problem().tokens) == 1999
    assert len(Experiment(sequence="hello " * 2000, tokens="words").problem().tokens) == 1999
    assert error_of(sequence="hello " * 2001, tokens="words").code == "too_long"


@pytest.mark.parametrize("architecture", CHOICES["architecture"])
def test_one_token_needs_a_target(architecture):
    if architecture in ("many-to-one", "many-to-many"):
        error = error_of(sequence="a", architecture=architecture)
        assert (error.field, error.code) == ("sequence", "too_short")
        assert "target" in str(error)
    assert Experiment(sequence="a", target="b", architecture=architecture)


def test_tags_that_do_not_match_the_tokens_in_number_are_refused_with_both_counts():
    error = error_of(sequence="abc", target="x y", architecture="many-to-many")
    assert (error.field, error.code) == ("target", "tags")
    assert "2 tags for 3 tokens" in str(error)


# --- unknown fields and messages ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["colour", "", "Seed", "__init__", "problem", "\ud800", "x" * 999])
def test_an_unknown_field_is_refused_with_the_fields_there_are(name):
    error = error_of(**{name: 1})
    assert error.code == "unknown"
    assert "recurrent_scale" in str(error)
    assert len(str(error)) < 400
    str(error).encode()


def test_a_very_long_value_is_quoted_in_short():
    assert len(str(error_of(cell="x" * 100_000))) < 200
    assert len(str(error_of(hidden_size="x" * 100_000))) < 200


def test_a_value_with_braces_is_quoted_as_it_is():
    assert "{0}{field}" in str(error_of(cell="{0}{field}"))


def test_a_program_can_say_the_same_thing_in_other_words():
    error = error_of(hidden_size=0)
    assert error.details == {"low": 1, "high": 512, "value": "0"}
    said = MESSAGES[error.code].format(field=error.field, **error.details)
    assert said == str(error) == "hidden_size must be a whole number from 1 to 512, got 0"


def test_an_error_survives_pickling_as_between_processes():
    error = error_of(hidden_size=0)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.field, again.code, again.details) == (
        str(error), error.field, error.code, error.details,
    )  # fmt: skip


def test_every_field_is_checked():
    for name in Experiment().named():
        assert error_of(**{name: object()}).field == name
