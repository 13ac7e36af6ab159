"""A file that `unrolled train` wrote opens in the lab; no other does, and none is too large."""

import io
import json
import zipfile

import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from unrolled import engine

pytestmark = pytest.mark.anyio
ADDRESS = "/api/checkpoint?name=net.npz"


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
def checkpoint():
    run = engine.TrainingRun(engine.Training(length=4, hidden_size=5, cell="lstm", steps=3))
    list(run.steps())
    return run.checkpoint()


@pytest.fixture(scope="module")
def content(checkpoint, tmp_path_factory):
    path = tmp_path_factory.mktemp("net") / "net.npz"
    checkpoint.save(path)
    return path.read_bytes()


async def test_the_network_of_a_file_is_traced_by_its_name(checkpoint, content):
    async with opened() as client:
        name = (await client.post(ADDRESS, content=content)).json()["name"]
        told = (await client.get("/api/checkpoint", params={"name": name})).json()
        trace = (await client.post("/api/trace", json={"checkpoint": name})).json()
    assert told["step"] == 3
    expected = engine.trace_of(checkpoint.experiment())
    assert trace["log10_gradient_norm"] == expected.log10_gradient_norm.tolist()


def spoiled(content, name, value):
    with np.load(io.BytesIO(content)) as file:
        arrays = {each: file[each] for each in file} | {name: value}
    spoiled = io.BytesIO()
    np.savez(spoiled, **arrays)
    return spoiled.getvalue()


def bomb(content):
    """A weight whose numbers go on for a hundred megabytes, in a few kilobytes."""
    packed = io.BytesIO(spoiled(content, "other", 0))
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as file,
        file.open("more.npy", "w") as member,
    ):
        np.lib.format.write_array(member, np.zeros(2**24))
    return packed.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"nothing",
        lambda content: content[:-30],
        lambda content: content[:200] + b"\xff" * 40 + content[240:],
        lambda content: spoiled(content, "step", -1),
        lambda content: spoiled(content, "step", 10**6),
        lambda content: spoiled(content, "step", 1e300),
        lambda content: spoiled(content, "training", "[" * 100_000),
        lambda content: spoiled(content, "training", json.dumps({"hidden_size": 99})),
        lambda content: spoiled(content, "changes", "[[1]]"),
        lambda content: spoiled(content, "versions", "3"),
    ],
)
async def test_a_file_that_is_no_network_is_refused_by_its_name(content, spoil):
    async with opened() as client:
        answer = await client.post(ADDRESS, content=spoil(content))
    assert answer.status_code == 422
    assert answer.json()["field"] == "checkpoint"
    assert "net.npz" in answer.json()["message"]


async def test_arrays_of_a_file_beside_those_of_a_network_are_not_read(content):
    async with opened() as client:
        assert (await client.post(ADDRESS, content=bomb(content))).status_code == 200


async def test_a_file_and_a_network_are_within_the_servers_limits(content):
    async with opened(checkpoint_file_bytes=1024, most_hidden_units=4) as client:
        assert (await client.post(ADDRESS, content=content)).status_code == 413
    async with opened(most_hidden_units=4) as client:
        refused = await client.post(ADDRESS, content=content)
    assert (refused.status_code, refused.json()["field"]) == (422, "hidden_size")


async def test_a_page_of_another_site_opens_nothing(content):
    async with opened() as client:
        foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
        assert (await client.post(ADDRESS, content=content, headers=foreign)).status_code == 403
