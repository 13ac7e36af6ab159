"""Trained networks: kept, named, and opened by everything the lab asks for."""

import json

import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from tests.app.routes.test_training import begin, connected, receive, until
from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.exports.tables import as_npz
from unrolled.app.runs.requests import experiment
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints, scheduled

pytestmark = pytest.mark.anyio

SMALL = {"hidden_size": 6, "batch_size": 4, "length": 5}


def checkpoints_of(steps=5, **fields):
    """The networks of a small run, from before its first step on."""
    run = engine.TrainingRun(engine.Training(**SMALL | fields, steps=steps))
    yield run.checkpoint()
    for _ in run.steps():
        yield run.checkpoint()


def kept(**fields):
    """A store with one run, and the name of its last network."""
    store = Checkpoints(2**28)
    for checkpoint in checkpoints_of(**fields):
        store.keep("run", checkpoint)
    return store, f"run-{checkpoint.step}"


@pytest.mark.parametrize("steps", [1, 30, 600, 1000, 100_000])
def test_about_a_hundred_networks_of_a_run_are_kept_the_first_and_the_last_too(steps):
    chosen = [step for step in range(steps + 1) if scheduled(step, steps)]
    assert {0, 1} <= {*chosen}
    assert len(chosen) <= 100
    assert max(np.diff(chosen)) <= max(1, steps / 50)


def test_the_newest_is_always_kept_and_the_one_before_it_only_if_it_was_scheduled():
    store = Checkpoints(2**28)
    for step, checkpoint in enumerate(checkpoints_of(steps=1000)):
        store.keep("run", checkpoint)
        assert store.steps("run")[-1] == step
        if step == 30:
            break
    assert store.steps("run") == [0, 1, 2, 4, 8, 13, 16, 26, 30]


def test_the_store_forgets_what_was_not_looked_at_for_longest():
    checkpoints = list(checkpoints_of(steps=4))
    store = Checkpoints(3 * _bytes(checkpoints[0]))
    for checkpoint in checkpoints[:3]:
        store.keep("run", checkpoint)
    store.get("run-0")
    store.keep("other", checkpoints[0])
    assert (store.steps("run"), store.steps("other")) == ([0, 2], [0])
    with pytest.raises(MessageError, match="train it again"):
        store.get("run-1")


def test_a_large_run_costs_no_other_run_its_networks():
    small = list(checkpoints_of(steps=4))
    large = list(checkpoints_of(steps=20, hidden_size=40))
    store = Checkpoints(4 * _bytes(large[0]))
    for checkpoint in small:
        store.keep("small", checkpoint)
    for checkpoint in large:
        store.keep("large", checkpoint)
    assert store.steps("small") == [0, 1, 2, 3, 4]
    assert 20 in store.steps("large") and len(store.steps("large")) < 4


def _bytes(checkpoint):
    inputs, targets, probes = checkpoint.task.names
    text = "".join([*inputs, *targets, *(each for probe in probes for each in probe)])
    weights = checkpoint.network.state_dict().values()
    return sum(array.nbytes for array in weights) + 2 * len(text)


def test_names_of_runs_are_long_and_each_their_own():
    names = {Checkpoints(1).name() for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) == 32 for name in names)


@pytest.mark.parametrize(
    "name",
    [
        *("", "run", "run-", "run-9", "run-1e1", "run--1", "run-²", "run-" + "9" * 5000),
        *(None, 7, ["run"], {"run": 5}),
    ],
)
def test_a_name_that_nothing_is_kept_under_is_told_so(name):
    store, _ = kept()
    with pytest.raises(MessageError) as caught:
        store.get(name)
    assert (caught.value.code, caught.value.field) == ("forgotten", "checkpoint")


def test_an_experiment_on_a_trained_network_has_its_weights_and_the_servers_limits():
    store, name = kept()
    wanted = experiment({"checkpoint": name, "recurrent_scale": 0.5}, Settings(), store.get)
    trained = store.get(name).network.weights[0].W_hh
    found = engine.trace_of(wanted).network.weights[0].W_hh
    np.testing.assert_array_equal(found, 0.5 * trained)
    with pytest.raises(engine.ExperimentError, match="the most is 4"):
        experiment({"checkpoint": name, "sequence": "Auvwx"}, Settings(most_tokens=4), store.get)


def test_an_empty_name_is_that_of_no_trained_network():
    store, _ = kept()
    assert experiment({"checkpoint": "", "cell": "gru"}, Settings(), store.get).cell == "gru"
    with pytest.raises(MessageError):
        experiment({"checkpoint": None}, Settings(), store.get)


@pytest.fixture
async def lab():
    """A client, and the name of a network that its server keeps."""
    async with opened() as client:
        store = client._transport.app.state.checkpoints
        for checkpoint in checkpoints_of(cell="lstm"):
            store.keep("run", checkpoint)
        yield client, "run-5", store.get("run-5")


async def test_a_trained_network_says_how_it_was_trained_and_what_the_lab_opens(lab):
    client, name, checkpoint = lab
    found = (await client.get("/api/checkpoint", params={"name": name})).json()
    assert (found["step"], found["training"]["cell"]) == (5, "lstm")
    assert "examples" not in found["training"]
    assert found["experiment"] == checkpoint.experiment().named() | {"checkpoint": name}
    gone = await client.get("/api/checkpoint", params={"name": "run-77"})
    assert (gone.status_code, gone.json()["code"]) == (404, "forgotten")


async def test_every_question_about_a_trained_network_is_answered_with_its_weights(lab):
    client, name, checkpoint = lab
    fields = {"checkpoint": name, "sequence": "Buvwx"}
    trace = engine.trace_of(checkpoint.experiment(sequence="Buvwx"))
    answer = (await client.post("/api/trace", json=fields)).json()
    np.testing.assert_array_equal(answer["network"]["head.weight"], checkpoint.network.W_hy)
    np.testing.assert_array_equal(answer["log10_gradient_norm"], trace.log10_gradient_norm)
    step = (await client.post("/api/step", json={"experiment": fields, "timestep": 2})).json()
    assert step["token"] == "u"
    spectrum = (await client.post("/api/analysis/spectrum", json=fields)).json()
    expected = np.abs(engine.eigenvalues(checkpoint.network, "i", 0)).max()
    assert spectrum["blocks"][0]["radius"] == pytest.approx(expected)
    file = await client.get("/api/export/npz", params=fields)
    assert file.content == as_npz(checkpoint.experiment(sequence="Buvwx"))
    html = (await client.get("/api/export/html", params=fields)).text
    assert "Buvwx" in html
    refused = await client.post("/api/trace", json={"checkpoint": name, "sequence": "B!"})
    assert (refused.status_code, refused.json()["field"]) == (422, "sequence")


@pytest.mark.parametrize("task", engine.TASKS)
async def test_the_stream_opens_a_network_of_every_task_at_any_step_that_is_kept(server, task):
    async with connected(server) as socket, connected(server, "/api/stream") as lab:
        fields = {"task": task, "cell": "gru", "hidden_size": 6, "steps": 3}
        await begin(socket, 1, fields)
        frames = await until(socket, 1, "end")
        run, steps = frames[0][0]["run"], frames[-1][0]["checkpoints"]
        assert steps == [0, 1, 2, 3]
        for step in steps:
            name = f"{run}-{step}"
            await lab.send(json.dumps({"id": step, "experiment": {"checkpoint": name}}))
            answer = await until(lab, step, "end", "error")
            assert answer[0][0]["experiment"]["checkpoint"] == name
        training = engine.TrainingRun(engine.Training(**fields))
        list(training.steps())
        losses = [arrays["loss"] for header, arrays in answer if header["type"] == "loss"]
        trace = engine.trace_of(training.checkpoint().experiment())
        np.testing.assert_allclose(losses[0], trace.losses[np.isfinite(trace.losses)])


async def test_a_network_that_is_not_kept_is_one_error_of_the_stream(server):
    async with connected(server, "/api/stream") as lab:
        await lab.send('{"id": 1, "experiment": {"checkpoint": "elsewhere-5"}}')
        header, _ = await receive(lab)
        assert (header["id"], header["code"]) == (1, "forgotten")
        assert "train it again" in header["message"]
