"""The interface of every task; examples are written, read and put side by side."""

import doctest

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unrolled.engine import ARCHITECTURES, TOKENIZERS, ExperimentError, tasks
from unrolled.engine.tasks import LENGTHS, PROBES, TASKS, task
from unrolled.engine.tasks.base import Batch, padded

B = 5


@pytest.fixture(params=TASKS)
def found(request):
    return task(request.param)


def drawn(found, seed=0, examples=B):
    return found.draw(np.random.default_rng(seed), examples)


def columns(batch):
    """Return the inputs of each example, as bytes."""
    return [batch.x[:, b].tobytes() for b in range(batch.x.shape[1])]


def test_probes_that_are_held_out_are_never_drawn(found):
    seen = {*columns(drawn(found, examples=5_000))}
    if found.held_out:
        assert seen.isdisjoint(columns(found.probes))


@pytest.mark.parametrize("name", ["text", "parity", "copying"])
def test_probes_among_few_possible_examples_are_drawn_too(name):
    found = task(name, LENGTHS[name][0])
    seen = {*columns(drawn(found, examples=5_000))}
    assert not found.held_out
    assert not seen.isdisjoint(columns(found.probes))


def has_target(found, batch):
    """(T, B) where there is a target."""
    return ~np.isnan(batch.targets[..., 0]) if found.numbers else batch.targets >= 0


def test_a_batch_has_the_shapes_that_the_task_says(found):
    batch, T = drawn(found), found.timesteps
    assert batch.x.shape == ((T, B, found.inputs) if found.vectors else (T, B))
    assert batch.targets.shape == ((T, B, found.outputs) if found.numbers else (T, B))
    assert batch.parts.shape == (T,)
    assert found.architecture in ARCHITECTURES and found.tokens in TOKENIZERS
    assert len(found.vocabulary) == (0 if found.numbers else found.outputs)


def test_a_batch_holds_classes_of_the_vocabulary_or_finite_numbers(found):
    batch = drawn(found, examples=200)
    if found.vectors:
        assert np.isfinite(batch.x).all()
    else:
        assert batch.x.min() >= -1 and batch.x.max() < found.inputs
    if not found.numbers:
        assert batch.targets.max() < found.outputs
    assert has_target(found, batch).any(axis=0).all()


def test_a_batch_is_a_pure_function_of_the_generator(found):
    for one, same in zip(drawn(found), drawn(found), strict=True):
        assert np.array_equal(one, same, equal_nan=one.dtype == float)
    assert not np.array_equal(drawn(found).x, drawn(found, seed=1).x)


def test_the_probes_are_three_and_fixed(found):
    again = task(found.name)
    assert found.probes.x.shape[1] == PROBES == 3
    for one, same in zip(found.probes, again.probes, strict=True):
        assert np.array_equal(one, same, equal_nan=one.dtype == float)


def test_the_probes_differ(found):
    assert len({found.text(found.probes, b)[0] for b in range(PROBES)}) == PROBES


def test_a_probe_that_is_written_is_read_back_as_it_was(found):
    for b in range(PROBES):
        sequence, target = found.text(found.probes, b)
        alone = found.parse(sequence, target)
        again = padded([alone], found.architecture, like=found.probes)
        probe = found.probes.of([b])
        for one, same in zip(again, probe, strict=True):
            np.testing.assert_allclose(one, same, rtol=1e-9, atol=1e-9)


def test_a_prediction_is_written_as_a_target_is(found):
    batch = drawn(found)
    targets = found.targets(batch, 0)
    for t in np.flatnonzero(has_target(found, batch)[:, 0]):
        target = batch.targets[t, 0]
        y = target if found.numbers else np.eye(found.outputs)[target]
        assert found.prediction(y) == targets[t] != ""


def test_inputs_and_targets_are_written_as_tokens_and_empty_where_there_is_none(found):
    batch = drawn(found)
    reads, targets = found.reads(batch, 0), found.targets(batch, 0)
    assert len(reads) == len(targets) == found.timesteps
    assert [bool(text) for text in targets] == has_target(found, batch)[:, 0].tolist()
    if not found.vectors:
        assert [bool(text) for text in reads] == (batch.x[:, 0] >= 0).tolist()


def test_an_empty_sequence_says_so(found):
    with pytest.raises(ExperimentError) as error:
        found.parse("")
    assert (error.value.field, error.value.code) == ("sequence", "empty")


def test_an_unknown_token_is_refused_with_the_known_ones(found):
    sequence, target = found.text(found.probes, 0)
    separator = "" if found.tokens == "characters" else " "
    with pytest.raises(ExperimentError) as error:
        found.parse(f"{sequence}{separator}☃", target)
    assert (error.value.field, error.value.details["value"]) == ("sequence", "☃")
    assert error.value.code == ("no_vector" if found.vectors else "unknown_token")


@given(st.text("ABuv01-> .#/^^9e猫 the", max_size=30), st.text("AB 01.e-猫", max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_typed_text_is_an_example_or_an_error_with_a_sentence(found, sequence, target):
    try:
        batch = found.parse(sequence, target)
    except ExperimentError as error:
        assert error.field in ("sequence", "target")
        return
    assert has_target(found, batch).any()
    assert len(found.reads(batch, 0)) == len(batch.parts)


def test_a_length_is_the_default_or_in_range():
    for name, (low, default, high) in LENGTHS.items():
        assert low <= default <= high
        for length in {-1, low - 1, high + 1} - {0}:
            with pytest.raises(ExperimentError) as error:
                task(name, length)
            assert error.value.field == "length"
    assert task("recall").timesteps == LENGTHS["recall"][1]
    assert task("recall", 7).timesteps == 7


def test_the_example_of_the_package_is_true():
    assert doctest.testmod(tasks).failed == 0
    assert doctest.testmod(tasks).attempted == 3


def test_every_task_has_lengths():
    assert list(LENGTHS) == list(TASKS)


@pytest.mark.parametrize("name", [name for name in TASKS if LENGTHS[name][2]])
def test_the_smallest_and_the_largest_length_can_be_drawn(name):
    low, _, high = LENGTHS[name]
    for length in (low, high):
        batch = drawn(task(name, length), examples=2)
        assert batch.x.shape[1] == 2


def test_a_task_that_there_is_not_is_an_error_that_names_those_that_there_are():
    with pytest.raises(ExperimentError, match="recall, copying") as error:
        task("juggling")
    assert error.value.field == "task"


def example(parts, start):
    """A batch of one whose inputs, and targets, are start, start + 1, ..."""
    numbers = start + np.arange(len(parts))[:, None]
    return Batch(numbers, 10 * numbers, np.array(parts))


def test_padding_is_at_the_front():
    batch = padded([example([0, 0, 0], 1), example([0], 4)], "many-to-one")
    assert batch.x.T.tolist() == [[1, 2, 3], [-1, -1, 4]]
    assert batch.targets.T.tolist() == [[10, 20, 30], [-1, -1, 40]]
    assert batch.parts.tolist() == [0, 0, 0]


def test_padding_after_one_input_is_behind():
    batch = padded([example([0, 0, 0], 1), example([0], 4)], "one-to-many")
    assert batch.x.T.tolist() == [[1, 2, 3], [4, -1, -1]]


def test_an_encoder_is_padded_in_front_and_its_decoder_behind():
    long_short, short_long = example([0, 0, 1], 1), example([0, 1, 1], 4)
    batch = padded([long_short, short_long], "encoder-decoder")
    assert batch.x.T.tolist() == [[1, 2, 3, -1], [-1, 4, 5, 6]]
    assert batch.targets.T.tolist() == [[10, 20, 30, -1], [-1, 40, 50, 60]]
    assert batch.parts.tolist() == [0, 0, 1, 1]


def test_vectors_are_padded_with_zeros_and_target_numbers_with_nan():
    long = Batch(np.ones((2, 1, 3)), np.ones((2, 1, 1)), np.zeros(2, dtype=int))
    short = Batch(np.ones((1, 1, 3)), np.ones((1, 1, 1)), np.zeros(1, dtype=int))
    batch = padded([long, short], "many-to-many")
    assert batch.x[:, 1].tolist() == [[0, 0, 0], [1, 1, 1]]
    np.testing.assert_equal(batch.targets[:, 1], [[np.nan], [1]])


def test_a_batch_can_be_as_long_as_another():
    batch = padded([example([0, 1], 1)], "encoder-decoder", like=example([0, 0, 1, 1], 1))
    assert batch.x.T.tolist() == [[-1, 1, 2, -1]]
    assert batch.parts.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_made_once_however_it_is_asked_for(name):
    first = task(name)
    for other in TASKS:
        task(other, LENGTHS[other][1])
    default = LENGTHS[name][1]
    assert task(name, default) is first
    assert task(name, length=0, examples="") is first
    if name not in tasks.EXAMPLES:
        assert task(name, examples="text that it does not look at") is first
