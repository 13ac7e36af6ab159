"""Texts that a network writes on its own."""

from collections import Counter

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.cells import Weights
from unrolled.engine.cells.rnn import RNN
from unrolled.engine.layer import Layer
from unrolled.engine.network import Network
from unrolled.engine.tasks import task
from unrolled.engine.training.sampling import sample

TEXT = "abcabcabcabc"


@pytest.fixture
def found():
    return task("text", 4, TEXT)


def counting(sure):
    """A network whose state is the last character read, and which then says the next one."""
    follow = np.roll(np.eye(3), 1, axis=0)
    weights = Weights(np.eye(3), np.zeros((3, 3)), np.zeros(3), np.zeros(3))
    return Network((Layer(RNN("identity"), weights),), sure * follow, np.zeros(3))


def test_at_temperature_zero_the_likeliest_is_written(found, rng):
    assert sample(counting(1.0), found, "a", 7, 0, rng) == "bcabcab"
    assert sample(counting(1.0), found, "cab", 4, 0, rng) == "cabc"


def test_a_sure_network_is_sure_at_temperature_one(found, rng):
    assert sample(counting(100.0), found, "a", 7, 1, rng) == "bcabcab"


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_a_character_is_as_likely_as_the_softmax_at_the_temperature_says(found, rng, temperature):
    network = counting(1.0)
    written = Counter(sample(network, found, "a", 1, temperature, rng) for _ in range(4_000))
    y = np.array([0, 1, 0]) / temperature
    p = np.exp(y) / np.exp(y).sum()
    assert [written[character] / 4_000 for character in "abc"] == pytest.approx(p, abs=0.03)


def test_sampling_is_a_pure_function_of_the_generator(found):
    texts = [sample(counting(1.0), found, "a", 50, 1, np.random.default_rng(5)) for _ in range(2)]
    assert texts[0] == texts[1] and len(texts[0]) == 50


def test_it_can_begin_with_nothing(found, rng):
    assert len(sample(counting(1.0), found, "", 5, 1, rng)) == 5
    assert sample(counting(1.0), found, "ab", 0, 1, rng) == ""


@pytest.mark.parametrize("temperature", [0, 1])
def test_a_network_that_overflows_writes_on(found, rng, temperature):
    growing = Weights(1e200 * np.eye(3), 1e200 * np.eye(3), np.zeros(3), np.zeros(3))
    network = Network((Layer(RNN("identity"), growing),), 1e200 * np.eye(3), np.zeros(3))
    assert len(sample(network, found, "a", 20, temperature, rng)) == 20


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("start", {"start": "xyz"}),
        ("n", {"n": -1}),
        ("n", {"n": 10**9}),
        ("temperature", {"temperature": -1}),
        ("temperature", {"temperature": np.nan}),
    ],
)
def test_impossible_sampling_is_an_error(found, rng, field, changed):
    arguments = {"start": "a", "n": 5, "temperature": 1.0} | changed
    with pytest.raises(ExperimentError) as error:
        sample(counting(1.0), found, **arguments, rng=rng)
    assert error.value.field == field
