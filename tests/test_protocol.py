"""The server as a client finds it that knows nothing but `docs/protocol.md`."""

import numpy as np
import pytest

from docs.frames import PROTOCOL, protocol
from tests.client import Client
from unrolled import engine

TRAINING = {"task": "recall", "length": 5, "hidden_size": 4, "batch_size": 4, "steps": 100_000}


@pytest.fixture
def client(server):
    return Client(server)


def joined(found, name):
    """An array of all frames of a run, in the order of time."""
    told = [frame for frame in found if name in frame.arrays]
    return np.concatenate([f.arrays[name] for f in sorted(told, key=lambda f: f.header["from"])])


def test_the_tables_of_the_page_are_those_of_the_frames():
    text = PROTOCOL.read_text()
    assert protocol(text) == text, "run python -m docs.frames"


@pytest.mark.parametrize("cell", engine.CELLS)
def test_a_run_has_the_numbers_of_the_engine(client, cell):
    trace = engine.trace("hello", cell=cell)
    with client.runs() as channel:
        channel.send(7, experiment={"sequence": "hello", "cell": cell})
        found = channel.answer(7)
    assert [found[0].type, found[-1].type] == ["begin", "end"]
    np.testing.assert_array_equal(joined(found, "hidden"), trace.hidden.astype("f4"))
    norms = joined(found, "log10_gradient_norm")
    np.testing.assert_array_equal(norms, trace.log10_gradient_norm)
    assert found[-1].header["verdict"] == trace.verdict


def test_a_run_over_http_is_the_run_over_a_socket(client):
    found = client.run(sequence="hello")
    assert [found[0].type, found[-1].type] == ["begin", "end"]
    trace = engine.trace("hello")
    np.testing.assert_array_equal(joined(found, "log10_share"), trace.log10_share())


def test_a_client_asks_for_the_limits_and_is_refused_past_them(client):
    limits = client.limits()
    with client.runs() as channel:
        for number, (field, name) in enumerate(
            {"sequence": "most_tokens", "hidden_size": "most_hidden_units"}.items()
        ):
            most = limits[name] + 1
            channel.send(number, experiment={field: "x" * most if field == "sequence" else most})
            (refused,) = channel.answer(number)
            assert (refused.type, refused.header["field"]) == ("error", field)
            assert limits[name] in refused.header["details"].values()


def test_a_drag_ends_with_the_whole_of_its_newest_run(client):
    with client.runs() as channel:
        for number in range(30):
            channel.send(number, experiment={"recurrent_scale": number / 10})
        found = channel.answer(29)
    assert found[0].header["experiment"]["recurrent_scale"] == 2.9
    assert found[-1].type == "end"


def test_a_sweep_has_a_row_for_each_scale(client):
    found = client.sweep([0.5, 1.5], 2, sequence="hello", hidden_size=4)
    assert found["recurrent_scale"] == [0.5, 1.5]
    assert np.shape(found["log10_share_median"]) == (2, len(found["distance"]))


def test_a_training_pauses_changes_goes_on_and_leaves_networks(client):
    with client.trainings() as channel:
        channel.send(1, train=TRAINING)
        begin = channel.receive()
        while begin.type == "waiting":
            begin = channel.receive()
        steps = channel.receive()
        channel.send(1, do="pause")
        while (paused := channel.receive()).type == "steps":
            pass
        channel.send(1, do="change", learning_rate=0.5)
        channel.send(1, do="resume")
        steps = channel.receive()
        channel.send(1, do="change", hidden_size=8)
        while (refused := channel.receive()).type == "steps":
            pass
        channel.send(1, do="stop")
        end = channel.answer(1)[-1]
    assert begin.header["training"]["task"] == "recall"
    assert (paused.type, steps.header["from"]) == ("paused", paused.header["step"] + 1)
    assert steps.arrays["log10_norm_by_distance"].shape[1] == begin.header["timesteps"]
    assert (refused.type, refused.header["code"]) == ("error", "fixed")
    assert (end.type, end.header["result"]) == ("end", "stopped")
    name = f"{begin.header['run']}-{end.header['checkpoints'][-1]}"
    opened = client.run(checkpoint=name)
    assert opened[0].header["experiment"]["checkpoint"] == name
    assert opened[-1].type == "end"
