"""Files that are made to do harm: each is refused by a sentence, within a bound on memory."""

import io
import json
import pickle
import resource
import zipfile
from functools import cache

import numpy as np
import pytest
from safetensors.numpy import save

from tests.app.routes.test_lab import opened
from tests.app.routes.test_networks import RECORDED, as_npy, weights
from unrolled.engine.weights.npz import packed

pytestmark = pytest.mark.anyio
GROWTH = 2**28
"""Bytes by which the process may grow over a thousand files."""
ARRAYS = weights()


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


def told(content, change):
    """A safetensors file whose head says something else."""
    size = 8 + int.from_bytes(content[:8], "little")
    head = json.loads(content[8:size])
    change(head)
    written = json.dumps(head).encode()
    return len(written).to_bytes(8, "little") + written + content[size:]


def zipped(**members):
    """An archive of members of any bytes, compressed as far as they can be."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, each in members.items():
            file.writestr(f"{name}.npy", each)
    return content.getvalue()


def head_of(shape, kind="<f8"):
    """The head of an array that claims a shape and a type."""
    content = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        content, {"descr": kind, "fortran_order": False, "shape": shape}
    )
    return content.getvalue()


def lying(rng):
    """A head that lies: of shapes, types, places or names."""
    name = rng.choice([*ARRAYS])
    value = [-1, 2**62, 0, "x", None, [2**40, 2**40], [], {"a": 1}, 1e300][rng.integers(9)]
    field = ["shape", "dtype", "data_offsets"][rng.integers(3)]

    def change(head):
        head[name][field] = [value, value] if field == "data_offsets" else value

    return "model.safetensors", told(save(ARRAYS), change)


def renamed(rng):
    """Names that are huge, or of other scripts, or end in numbers of many digits."""
    odd = ["a" * 100_000, "\u202e\x00", "../../etc/passwd", "rnn." * 5000, "l" + "9" * 5000]
    prefix = odd[rng.integers(len(odd))]
    arrays = {f"{prefix}.{name}": each for name, each in ARRAYS.items()}
    arrays[f"rnn.weight_ih_l{'9' * 5000}"] = np.ones((2, 2))
    return "model.safetensors", save(arrays)


def bomb(rng):
    """A small archive that unpacks to a gigabyte, or claims to."""
    shape = [(2**27,), (16, 2**24), (2**62, 4), (16, 5)][rng.integers(4)]
    name = ["rnn.weight_ih_l0", "x", "own", "recording"][rng.integers(4)]
    return "model.npz", of_zeros(name, shape, 2**22 * [1, 7][rng.integers(2)])


@cache
def of_zeros(name, shape, size):
    zeros = head_of(shape) + bytes(size)
    return zipped(**{name: zeros, "rnn.weight_hh_l0": zeros})


def run_when_read(rng):
    """A pickle, by its ending or inside an array."""
    content = pickle.dumps(print)
    inside = zipped(**{"rnn.weight_ih_l0": head_of((1,), "|O") + content})
    return [("model.pt", content), ("model.npz", inside), ("model.safetensors", content)][
        rng.integers(3)
    ]


def cut(rng):
    """A whole file that ends too early, or has other bytes."""
    whole = [
        ("model.safetensors", save(ARRAYS)),
        ("model.npz", packed(ARRAYS)),
        ("data.npy", as_npy(np.ones((9, 5)))),
        ("training.npz", RECORDED.read_bytes()),
    ][rng.integers(4)]
    content = bytearray(whole[1])
    if rng.random() < 0.5:
        return whole[0], bytes(content[: rng.integers(len(content))])
    for at in rng.integers(len(content), size=rng.integers(1, 20)):
        content[at] = rng.integers(256)
    return whole[0], bytes(content)


def wrong_numbers(rng):
    """Numbers that are none, or of types that are no floats."""
    kind = ["int64", "complex128", "bool", "float64"][rng.integers(4)]
    arrays = {name: np.full(each.shape, 1).astype(kind) for name, each in ARRAYS.items()}
    if kind == "float64":
        arrays["rnn.weight_hh_l0"][0, 0] = [np.nan, np.inf, -np.inf][rng.integers(3)]
    return "model.npz", packed(arrays)


def other_shapes(rng):
    """Shapes that do not fit each other, and sizes of nothing."""
    sizes = rng.integers(0, 9, size=4)
    arrays = {
        "weight_ih_l0": np.ones(sizes[:2]),
        "weight_hh_l0": np.ones(sizes[1:3]),
        "weight_ih_l1": np.ones(sizes[2:]),
        "head.weight": np.ones((3, sizes[3])),
    }
    if rng.random() < 0.5:  # projections, which fit some of them
        arrays["weight_hr_l0"] = np.ones(rng.choice(sizes, size=rng.integers(4)))
        arrays["weight_hh_l0"] = np.ones((4 * sizes[1], sizes[2]))
    elif rng.random() < 0.2:  # projections that are small, and huge when they are multiplied out
        H = 10**5
        own = {"weight_ih_l0": (4 * H, 1), "weight_hh_l0": (4 * H, 1), "weight_hr_l0": (1, H)}
        arrays = {name: np.ones(shape) for name, shape in own.items()}
    return "model.npz", packed(arrays)


def head_alone(rng):
    """Heads of large files: lies, parts of one, and values of any kind."""
    _, content = [lying, renamed, cut][rng.integers(3)](rng)
    if rng.random() < 0.3:
        odd = b'{"a": {"shape": [1e400, true]}}'
        nested = [b"[" * 10**5, b'{"a":' * 10**5, odd, b"[1]", b"\xff"]
        content = nested[rng.integers(len(nested))]
        return "head", len(content).to_bytes(8, "little") + content
    return "head", content[: 8 + int.from_bytes(content[:8], "little") % 2**22]


KINDS = (lying, renamed, bomb, run_when_read, cut, wrong_numbers, other_shapes, head_alone)


async def refused(count, seed):
    """Send so many files; return the statuses, and by how much the process has grown."""
    rng, statuses = np.random.default_rng(seed), []
    async with opened() as client:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for k in range(count):
            name, content = KINDS[k % len(KINDS)](rng)
            params = {"name": name, "checkpoint": "nope-1", "listed": name == "head"}
            answer = await client.post("/api/network", params=params, content=content)
            statuses.append(answer.status_code)
            assert answer.status_code in (200, 413, 422, 404), (k, name, answer.text[:300])
            if answer.status_code != 200:
                found = answer.json()
                assert found["message"], (k, name)
                assert len(found["message"]) < 2_000, (k, name, found["code"])
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return statuses, 1024 * grown


async def test_hostile_files_are_refused_by_a_sentence():
    statuses, _ = await refused(5 * len(KINDS), seed=1)
    assert statuses.count(422) > len(statuses) / 2


@pytest.mark.delivery
async def test_a_thousand_hostile_files_take_no_memory_beyond_a_bound():
    statuses, grown = await refused(1000, seed=2)
    assert statuses.count(422) > 600
    assert grown < GROWTH
