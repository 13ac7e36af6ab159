"""A user's own network is shared between processes as a trained one is."""

import time
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save

from tests.app.routes.test_networks import weights
from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.shared_networks import SharedNetworks
from unrolled.engine.weights.arrays import arrays_in
from unrolled.engine.weights.own_network import OwnNetwork
from unrolled.engine.weights.own_problem import Data

NAME = f"{'0' * 32}-0"


@pytest.mark.parametrize("kind", ["text", "embedding", "numbers"])
def test_another_process_finds_the_network_with_all_that_it_reads(tmp_path, kind):
    table = {"words.weight": np.random.default_rng(1).normal(size=(7, 5))}
    arrays = weights("gru", layers=2) | (table if kind == "embedding" else {})
    own = OwnNetwork.of(arrays_in(save(arrays), "a.safetensors"), "a.safetensors")
    if kind == "numbers":
        own = replace(
            own, data=Data("x.npy", np.ones((4, 5)), np.full((4, 5), 0.5), columns=(*"abcde",))
        )
    shared = SharedNetworks(tmp_path, 2**20)
    shared.write(NAME, own)
    found = shared.read(NAME)
    assert isinstance(found, OwnNetwork)
    assert found.told() == own.told()
    assert (found.data and found.data.columns) == (own.data and own.data.columns)
    there, here = (engine.deep_trace_of(each.experiment()) for each in (found, own))
    for one, other in zip(there.levels, here.levels, strict=True):
        np.testing.assert_array_equal(one.hidden_gradient, other.hidden_gradient)


def test_a_network_is_kept_for_some_time_after_its_last_use(tmp_path, monkeypatch):
    own = OwnNetwork.of(arrays_in(save(weights()), "a.safetensors"), "a.safetensors")
    shared = SharedNetworks(tmp_path, 2**20)
    now = time.time()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(time, "time", lambda: now)
    alone, together = Checkpoints(2**20, seconds=60), Checkpoints(2**20, shared, seconds=60)
    for store in (alone, together):
        store.keep("0" * 32, own)
    now += 50
    assert alone.get(NAME) is own
    now += 50
    assert alone.get(NAME) is own
    with pytest.raises(MessageError, match="open its file again"):
        together.get(NAME)
    together.expire()
    assert [*tmp_path.iterdir()] == []
    now += 61
    alone.expire()
    assert alone.steps("0" * 32) == []
