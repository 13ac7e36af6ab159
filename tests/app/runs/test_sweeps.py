"""The lines of a sweep, and the end of a sweep whose client has left."""

import json
import socket
import time
import urllib.error
import urllib.request

import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from unrolled import engine
from unrolled.app.errors import MessageError
from unrolled.app.runs import sweeps
from unrolled.app.runs.requests import SweepRequest, parse
from unrolled.app.settings import Settings

SCALES = [0.5, 1.0, 1.5, 2.0]
LONG = {"experiment": {"sequence": "ab" * 500, "hidden_size": 64}, "seeds": 50}


LARGEST = {
    "experiment": {"sequence": "ab" * 1000, "hidden_size": 512, "cell": "lstm"},
    "recurrent_scale": [1.0],
    "seeds": 5,
}
"""Of networks each of which takes about a second."""


def finite(values):
    return json.loads(json.dumps(np.where(np.isfinite(values), values, None).tolist()))


@pytest.mark.anyio
@pytest.mark.parametrize("cell", engine.CELLS)
async def test_the_last_line_is_the_engines_sweep(cell):
    async with opened() as client:
        body = {"experiment": {"cell": cell, "seed": 3}, "recurrent_scale": SCALES, "seeds": 4}
        response = await client.post("/api/sweep", json=body)
    *progress, result = map(json.loads, response.text.splitlines())
    found = engine.sweep(engine.Experiment(cell=cell, seed=3), SCALES, 4)
    assert response.headers["content-type"] == "application/x-ndjson"
    assert progress[0] == {"finished": 0, "networks": 16}
    assert result["recurrent_scale"] == SCALES
    assert result["log10_share_median"] == finite(found.median)
    assert result["log10_share_lower_quartile"] == finite(found.quartiles[0])
    assert result["log10_share_upper_quartile"] == finite(found.quartiles[2])
    assert result["median_factor"] == finite(found.median_factor)
    assert result["critical_scale"] == found.critical_scale
    assert result["diverged"] == found.diverged.sum(axis=1).tolist()


def test_progress_comes_now_and_then_and_always_grows():
    request = SweepRequest({"sequence": "ab" * 50, "hidden_size": 64}, SCALES, 60)
    run = sweeps.sweep_run(request, Settings())
    *said, result = [json.loads(line) for line in sweeps.lines(run, sweeps.result) if line]
    finished = [line["finished"] for line in said]
    assert finished == sorted(finished)
    assert all(line["networks"] == 240 for line in said)
    assert result["seeds"] == 60


def test_a_fast_sweep_says_nothing_between_batches(monkeypatch):
    monkeypatch.setattr(sweeps, "PROGRESS_SECONDS", 60)
    run = sweeps.sweep_run(SweepRequest({}, SCALES, 2), Settings())
    *silent, result = sweeps.lines(run, sweeps.result)
    assert set(silent) == {None}
    assert "log10_share_median" in json.loads(result)


@pytest.mark.anyio
async def test_a_sweep_answers_the_gradient_at_the_first_timestep_alone():
    async with opened() as client:
        body = {"experiment": {"seed": 3}, "recurrent_scale": SCALES, "seeds": 1, "shares": True}
        response = await client.post("/api/sweep", json=body)
    found = engine.sweep(engine.Experiment(seed=3), SCALES, 1)
    answer = json.loads(response.text.splitlines()[-1])
    assert answer.pop("made_by")["experiment"]["seed"] == 3
    assert answer == {
        "recurrent_scale": SCALES,
        "seeds": 1,
        "log10_share": found.log10_share.tolist(),
        "edge_scale": found.edge_scale,
    }


def test_a_long_sequence_is_answered_at_as_many_distances_as_a_picture_shows():
    found = engine.sweep(engine.Experiment("ab" * 300, hidden_size=4), [1.0], 1)
    answer = sweeps.result(found)
    assert len(answer["distance"]) == sweeps.MOST_DISTANCES
    assert (answer["distance"][0], answer["distance"][-1]) == (0, 598)
    np.testing.assert_array_equal(answer["log10_share_median"], found.median[:, answer["distance"]])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("not json", 422, None),
        ("[]", 422, None),
        ("{}", 422, "experiment"),
        ('{"experiment": {}, "recurrent_scale": 1}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": ["1"]}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [true]}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [1], "colour": "red"}', 422, "colour"),
        ('{"experiment": {"cell": "perceptron"}, "recurrent_scale": [1]}', 422, "cell"),
        ('{"experiment": {}, "recurrent_scale": []}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [2, 1]}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [1, NaN, 2]}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [11]}', 422, "recurrent_scale"),
        ('{"experiment": {}, "recurrent_scale": [1], "seeds": 0}', 422, "seeds"),
        ('{"experiment": {}, "recurrent_scale": [1], "seeds": "2"}', 422, "seeds"),
        ('{"experiment": {}, "recurrent_scale": [1], "seeds": 1e9}', 422, "seeds"),
        ('{"experiment": {}, "recurrent_scale": [1], "seeds": 1000000000}', 413, "seeds"),
        (f'{{"experiment": {{}}, "recurrent_scale": [1], "seeds": {"9" * 4299}}}', 413, "seeds"),
        (f'{{"experiment": {{}}, "recurrent_scale": [1], "seeds": -{"9" * 4299}}}', 422, "seeds"),
        (
            f'{{"experiment": {{}}, "recurrent_scale": [{"9" * 4299}]}}',
            422,
            "recurrent_scale",
        ),
        (
            '{"experiment": {"hidden_size": 512}, "recurrent_scale": [1], "seeds": 999}',
            413,
            "seeds",
        ),
        (
            json.dumps({"experiment": {}, "recurrent_scale": [1] * 80_000, "seeds": 1000}),
            413,
            "seeds",
        ),
    ],
)
async def test_wrong_input_names_the_field_and_the_remedy(body, status, field):
    async with opened() as client:
        response = await client.post("/api/sweep", content=body)
        assert (response.status_code, response.json()["field"]) == (status, field)
        assert response.json()["message"]
        right = {"experiment": {}, "recurrent_scale": [1], "seeds": 1}
        assert (await client.post("/api/sweep", json=right)).status_code == 200


def test_the_limit_is_said_with_its_value():
    request = parse(SweepRequest, b'{"experiment": {}, "recurrent_scale": [1, 2], "seeds": 3}')
    with pytest.raises(MessageError, match=r"6 networks .* the most is 1000: ask for fewer"):
        sweeps.sweep_run(request, Settings(sweep_work=1000))


@pytest.mark.anyio
async def test_a_second_sweep_waits_and_other_runs_do_not():
    async with opened(sweeps=1, patience=0) as client:
        runs = client._transport.app.state.runs
        body = {"experiment": {}, "recurrent_scale": [1], "seeds": 1}
        async with runs.sweep_slot():
            response = await client.post("/api/sweep", json=body)
            assert (response.status_code, response.json()["code"]) == (503, "busy")
            assert response.headers["Retry-After"] == "1"
            assert (await client.post("/api/trace", json={})).status_code == 200
        assert (await client.post("/api/sweep", json=body)).status_code == 200


@pytest.mark.parametrize("large", [LONG, LARGEST], ids=["many batches", "in one batch"])
def test_a_client_that_leaves_ends_its_sweep_within_a_second(serve, large):
    url = serve(sweeps=1, patience=0)
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps({"recurrent_scale": SCALES, **large}).encode()
    with socket.create_connection((host, int(port))) as client:
        head = f"POST /api/sweep HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(head.encode() + body)
        assert b"finished" in client.recv(4096) + client.recv(4096)
        assert status(url) == 503
    left = time.perf_counter()
    while status(url) != 200:
        assert time.perf_counter() - left < 1
        time.sleep(0.05)


def status(url: str) -> int:
    """Return the answer to a small sweep."""
    body = json.dumps({"experiment": {}, "recurrent_scale": [1], "seeds": 1}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/api/sweep", body)) as response:
            response.read()
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
