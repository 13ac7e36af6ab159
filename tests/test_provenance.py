"""Every file and every answer says what made it: from that alone it is made again, and compared."""

import base64
import csv
import io
import json
import re

import httpx
import numpy as np
import pytest
from typer.testing import CliRunner

import unrolled
from tests.app.exports.test_code import values_in
from unrolled.app.cli.commands import cli
from unrolled.app.exports.tables import EXPORTS
from unrolled.app.main import create_app
from unrolled.app.runs.frames import decode

OF_LAYERS = ("csv", "json", "npz", "html", "py", "ipynb")
"""The files that there are of several layers."""
SMALL = {"task": "recall", "length": 4, "cell": "gru", "hidden_size": 5, "steps": 6}


def trained(**fields):
    run = unrolled.TrainingRun(unrolled.Training(**SMALL | fields))
    for step in run.steps():
        if step.step == 3:
            run.change(learning_rate=0.1)
    return run.checkpoint()


def random_network():
    text = "=1+1 \"'-a;=b"
    return unrolled.Experiment(text, cell="lstm", recurrent_scale=1.5, seed=3, loss="all")


def trained_network():
    return trained().experiment(recurrent_scale=1.25, sequence="BuCxy")


def given_vectors():
    """Of weights that are laid out by columns, and a problem of numbers with some missing."""
    drawn = unrolled.Network.random(unrolled.NetworkConfig(cell="gru"), inputs=3, outputs=2)
    state = {name: each.copy(order="F") for name, each in drawn.state_dict().items()}
    rng = np.random.default_rng(0)
    targets = np.where(np.arange(40)[:, None] % 3, np.nan, rng.normal(size=(40, 2)))
    problem = unrolled.Problem.from_arrays(rng.normal(size=(40, 3)), targets)
    problem = problem.starting_from(rng.normal(size=drawn.hidden_size))
    network = unrolled.Network.from_state_dict(state, cell="gru")
    return unrolled.Run(network, problem, loss="all", truncate=30, clip_norm=0.5).described


def given_classes():
    """Of an encoder-decoder, whose words are a spreadsheet's formulas."""
    config = unrolled.NetworkConfig(activation="relu", hidden_size=5)
    network = unrolled.Network.random(config, inputs=3, outputs=3, encoder=True)
    problem = unrolled.Problem.from_arrays(
        [0, 1, 2, -1], targets=[-1, -1, 2, 0], vocabulary=["=1+1", "b", "\0"], encoder=2
    )
    return unrolled.Run(network, problem).described


def random_layers():
    fields = {"layers": 2, "directions": 2, "layer": -1, "architecture": "many-to-many"}
    return unrolled.Experiment("=1+1 \"'-a;=b", cell="lstm", clip_norm=0.1, **fields)


def given_layers():
    """Of numbers, and read from the output where both directions end."""
    config = unrolled.NetworkConfig(cell="gru", hidden_size=3)
    network = unrolled.DeepNetwork.random(config, 3, 2, layers=2, bidirectional=True)
    rng = np.random.default_rng(0)
    targets = np.where(np.arange(9)[:, None] == 8, rng.normal(size=(9, 2)), np.nan)
    problem = unrolled.Problem.from_arrays(rng.normal(size=(9, 3)), targets)
    return unrolled.deep_trace(network, problem, reads="output", truncate=4).described


ONE_LAYER = [random_network, trained_network, given_vectors, given_classes]
MADE = pytest.mark.parametrize(
    ("make", "ending"),
    [
        *((make, ending) for make in ONE_LAYER for ending in EXPORTS),
        *((make, ending) for make in (random_layers, given_layers) for ending in OF_LAYERS),
    ],
)


def told_in_npz(content):
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        of_levels = [name for name in file.files if name.endswith("log10_gradient_norm")]
        return json.loads(str(file["made_by"])), np.concatenate([file[name] for name in of_levels])


def told_in_json(content):
    answer = json.loads(content)
    norms = [
        norm for each in answer.get("levels", [answer]) for norm in each["log10_gradient_norm"]
    ]
    return answer["made_by"], [-np.inf if norm is None else norm for norm in norms]


def told_in_csv(content):
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return json.loads(rows[0]["made_by"]), [float(row["log10_gradient_norm"]) for row in rows]


def told_in_html(content):
    found = dict(re.findall(r'id="([a-z-]+)">({.*?})</script>', content.decode(), re.DOTALL))
    recorded = json.loads(found.get("recorded", "{}"))
    return json.loads(found["made-by"]), _norms(
        [recorded.get("frames", []), *recorded.get("others", [])]
    )


def _norms(recorded):
    """The norms of a replay's frames, whose chunks are as long as the machine is quick."""
    norms = {}
    for frames in recorded:
        for header, arrays in map(decode, map(base64.b64decode, frames)):
            if header["type"] == "begin":
                place = header["layer"], header["reverse"]
            elif header["type"] == "backward":
                found = arrays["log10_gradient_norm"].tolist()
                timesteps = range(header["from"], header["to"] + 1)
                norms |= {(*place, t): norm for t, norm in zip(timesteps, found, strict=True)}
    return [norms[t] for t in sorted(norms)]


def told_in_code(content):
    values = values_in(content)
    of_levels = [each for name, each in values["in_unrolled"].items() if name[:5] == "dL/dh"]
    return values["made_by"], [norm for each in of_levels for norm in each]


READERS = {
    **{"npz": told_in_npz, "json": told_in_json, "csv": told_in_csv, "html": told_in_html},
    **{"py": told_in_code, "ipynb": told_in_code, "keras.py": told_in_code},
}


@MADE
def test_a_file_of_a_run_is_made_again_from_what_it_says(make, ending):
    experiment = make()
    content = bytes(EXPORTS[ending].make(experiment))
    made_by, norms = READERS[ending](content)
    assert (made_by["unrolled"], made_by["numpy"]) == (unrolled.__version__, np.__version__)
    again = unrolled.experiment_of(made_by)
    trace = unrolled.deep_trace_of(again) if again.deep else unrolled.trace_of(again)
    of_levels = [level.log10_gradient_norm for level in trace.levels]
    np.testing.assert_array_equal(np.concatenate(of_levels), norms)
    assert again.made_by() == made_by


def test_a_run_of_a_trained_network_does_not_say_that_its_weights_are_random():
    made_by = trained_network().made_by()
    assert {"cell", "seed", "initialization"}.isdisjoint(made_by["experiment"])
    assert made_by["checkpoint"]["step"] == 6
    assert made_by["checkpoint"]["changes"] == [[3, "learning_rate", 0.1]]


def test_a_users_own_text_is_told_by_its_digest_alone():
    examples = "cat => purrs\ndog => barks\n" * 4
    checkpoint = trained(task="examples", examples=examples, length=0)
    made_by = checkpoint.experiment().made_by()
    assert "purrs" not in json.dumps(made_by["checkpoint"])
    with pytest.raises(ValueError, match="examples must be the text"):
        unrolled.experiment_of(made_by)
    again = unrolled.experiment_of(made_by, examples)
    np.testing.assert_array_equal(again.network().W_hy, checkpoint.network.W_hy)


def test_a_checkpoint_says_what_changed_in_flight_and_with_which_versions(tmp_path):
    checkpoint = trained()
    checkpoint.save(tmp_path / "net.npz")
    opened = unrolled.Checkpoint.load(tmp_path / "net.npz")
    assert opened.told() == checkpoint.told()
    assert opened.versions == {"unrolled": unrolled.__version__, "numpy": np.__version__}


def test_a_trainings_files_say_what_made_them(tmp_path):
    words = ["--task", "recall", "--length", "4", "--hidden-size", "5", "--steps", "4"]
    ran = CliRunner().invoke(cli, ["train", *words, "--out", str(tmp_path / "net")])
    assert ran.exit_code == 0, ran.output
    opened = unrolled.Checkpoint.load(tmp_path / "net.npz")
    told, _ = told_in_html((tmp_path / "net.html").read_bytes())
    assert told == opened.told()
    made_by = {**opened.experiment().made_by(), "checkpoint": told}
    again = unrolled.experiment_of(made_by).network()
    np.testing.assert_array_equal(again.W_hy, opened.network.W_hy)


@pytest.fixture
def app():
    return create_app()


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://lab") as client,
    ):
        yield client


@pytest.mark.anyio
async def test_answers_of_a_trained_network_say_so(app, client):
    checkpoint = trained()
    name = app.state.checkpoints.hold(checkpoint)
    asked = {"checkpoint": name, "recurrent_scale": 0.5}
    answers = {
        "trace": (await client.post("/api/trace", json=asked)).json(),
        "analysis": (await client.post("/api/analysis/step_factors", json=asked)).json(),
    }
    again = unrolled.trace_of(unrolled.experiment_of(answers["trace"]["made_by"]))
    assert answers["trace"]["experiment"] == answers["trace"]["made_by"]["experiment"]
    assert answers["trace"]["log10_gradient_norm"][0] == again.log10_gradient_norm[0]
    step = {"experiment": asked, "timestep": 2}
    answers["step"] = (await client.post("/api/step", json=step)).json()
    frames = await client.post("/api/stream", json={"id": 1, "experiment": asked})
    answers["stream"], _ = decode(frames.content)
    for each in ("analysis", "step", "stream"):
        assert answers[each]["made_by"] == answers["trace"]["made_by"]
    table = await client.get("/api/export/csv", params=asked)
    (row, *_) = csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"), newline=""))
    assert f"checkpoint={name}" in row["address"]
    assert row["trained_cell"] == "gru"
    assert "seed" not in row


@pytest.mark.anyio
async def test_a_sweep_says_what_made_it(client):
    asked = {"experiment": {"sequence": "abcd"}, "recurrent_scale": [0.5, 1, 2], "seeds": 3}
    lines = (await client.post("/api/sweep", json=asked)).text.splitlines()
    answer = json.loads(lines[-1])
    made_by = answer["made_by"]
    assert made_by["unrolled"] == unrolled.__version__
    again = unrolled.sweep(
        unrolled.experiment_of(made_by), made_by["recurrent_scale"], made_by["seeds"]
    )
    assert answer["median_factor"] == again.median_factor.tolist()
