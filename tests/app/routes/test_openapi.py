"""The API's own description held against the server: every route, every status, every frame."""

import json
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from jsonschema import Draft202012Validator
from safetensors.numpy import save

from docs.frames import RUN, TRAINING, arrays_of, header_of
from tests.app.routes.test_found_training import Paged
from tests.app.routes.test_lab import opened
from tests.app.routes.test_lessons import own
from tests.app.routes.test_networks import weights as of_pytorch
from tests.app.training.test_sampling import LEARNT, kept_by
from tests.client import frames
from unrolled.app.lessons import rendered, shelf
from unrolled.app.main import create_app
from unrolled.app.rooms.registry import Rooms
from unrolled.app.routes import (
    analysis,
    lab,
    lessons,
    networks,
    pages,
    rooms,
    stream,
    training,
    weights,
)
from unrolled.engine import CELLS
from unrolled.engine.weights.arrays import arrays_in
from unrolled.engine.weights.own_network import OwnNetwork

pytestmark = pytest.mark.anyio
DOCUMENT = create_app().openapi()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
SHORT = {"sequence": "abcd", "hidden_size": 3}
LONG = {"sequence": "ab" * 1000, "hidden_size": 512}
SWEEP = {"experiment": SHORT, "recurrent_scale": [0.5, 1.5], "seeds": 2}
STEP = {"experiment": SHORT, "timestep": 2}
TRAINING_RUN = {"id": 1, "train": {"length": 3, "hidden_size": 4, "steps": 3}}
FEW = {"sequence": "abcd", "hidden_size": 2}
WEIGHTS = {"experiment": FEW, "weight": "b_y_d"}
GONE = {"checkpoint": "nope-1"}
OWN = {"checkpoint": "own-0"}
FILE = save(of_pytorch())
ANALYSES = ("spectrum", "singular_values", "step_factors", "lyapunov")
LOOPBACK, CROSS_SITE = {"host": "127.0.0.1"}, {"sec-fetch-site": "cross-site"}
PAGES = {
    "/",
    "/train",
    "/join",
    "/api",
    "/docs",
    "/favicon.ico",
    "/assets/{digest}/{name:path}",
    "/vendor/{name}",
}
PAGES |= {
    "/lessons",
    *(f"/lessons/{{slug}}{each}" for each in ("", "/notes", "/worksheet", "/key")),
}
"""What is for a person to look at; the description itself is at `/openapi.json`."""
CASES: dict[str, list[Any]] = {
    "get /healthz": ["/healthz"],
    "get /readyz": ["/readyz"],
    "get /api/limits": ["/api/limits"],
    "post /api/trace": [
        *(("/api/trace", {**SHORT, "cell": cell}) for cell in CELLS),
        ("/api/trace", {**SHORT, "architecture": "encoder-decoder"}),
        ("/api/trace", {**SHORT, "cell": "lstm", "layers": 2, "directions": 2}),
        ("/api/trace", {**SHORT, "architecture": "encoder-decoder", "layers": 2}),
        ("/api/trace", {**SHORT, "recurrent_scale": 0, "clip_norm": 1}),
        ("/api/trace", {"checkpoint": "run-5"}),
        ("/api/trace", OWN),
        ("/api/trace", {"cell": "nope"}),
        ("/api/trace", GONE),
        ("/api/trace", LONG | {"cell": "lstm"}),
    ],
    "post /api/step": [
        *(("/api/step", {**STEP, "experiment": {**SHORT, "cell": cell}}) for cell in CELLS),
        ("/api/step", {"experiment": {}}),
        ("/api/step", {**STEP, "experiment": {**SHORT, "directions": 2}}),
        ("/api/step", {**STEP, "experiment": GONE}),
        ("/api/step", {**STEP, "experiment": LONG}),
    ],
    "post /api/weights": [
        *(("/api/weights", {**WEIGHTS, "experiment": {**FEW, "cell": cell}}) for cell in CELLS),
        ("/api/weights", {"experiment": FEW}),
        ("/api/weights", {"experiment": {**FEW, "architecture": "encoder-decoder"}}),
        ("/api/weights", {"experiment": {}}),
        ("/api/weights", {"experiment": GONE}),
        ("/api/weights", {"experiment": {**LONG, "hidden_size": 2}}),
        ("/api/weights", {"experiment": {"sequence": "x" * 300_000}}),
    ],
    "post /api/sample": [
        ("/api/sample", {"checkpoint": "run-5"}),
        ("/api/sample", {"checkpoint": "run-5", "n": -1}),
        ("/api/sample", GONE),
        ("/api/sample", {"start": "x" * 300_000}),
    ],
    "get /api/export/{ending}": [
        *(f"/api/export/{ending}?sequence=abcd" for ending in ("csv", "json", "npz", "html")),
        "/api/export/exe",
        "/api/export/csv?checkpoint=nope-1",
        f"/api/export/csv?cell=lstm&hidden_size=512&sequence={LONG['sequence']}",
    ],
    "get /api/figures": ["/api/figures", "/api/figures?theme=sepia", "/api/figures?lang=xx"],
    "post /api/analysis/{name}": [
        *((f"/api/analysis/{name}", {**SHORT, "cell": c}) for name in ANALYSES for c in CELLS),
        ("/api/analysis/nope", {}),
        ("/api/analysis/spectrum", GONE),
        ("/api/analysis/lyapunov", LONG),
    ],
    "post /api/sweep": [
        ("/api/sweep", SWEEP),
        ("/api/sweep", {**SWEEP, "shares": True}),
        ("/api/sweep", {}),
        ("/api/sweep", {**SWEEP, "experiment": LONG, "seeds": 1000}),
    ],
    "post /api/stream": [
        ("/api/stream", {"id": 1, "experiment": SHORT}),
        ("/api/stream", {"id": 1}),
        ("/api/stream", {"id": 1, "experiment": GONE}),
        ("/api/stream", {"more": "x" * 300_000}),
    ],
    "get /api/checkpoint": [
        "/api/checkpoint?name=run-5",
        "/api/checkpoint?name=own-0",
        "/api/checkpoint?name=nope-1",
        "/api/checkpoint",
    ],
    "post /api/checkpoint": [
        ("/api/checkpoint", {"no": "file"}),
        ("/api/checkpoint", "x" * 17_000_000),
    ],
    "post /api/network": [
        ("/api/network?name=a.safetensors", FILE),
        ("/api/network", {"no": "file"}),
        ("/api/network?name=a.npz", bytes(72_000_000)),
    ],
    "post /api/vocabulary": [
        ("/api/vocabulary", {**OWN, "vocabulary": "abcde"}),
        ("/api/vocabulary", {**OWN, "vocabulary": "abc"}),
        ("/api/vocabulary", {**GONE, "vocabulary": "abc"}),
        ("/api/vocabulary", {"more": "x" * 300_000}),
    ],
    "post /api/train": [
        ("/api/train", TRAINING_RUN),
        ("/api/train", {"id": 1}),
        ("/api/train", {"id": 1, "key": "nope", "do": "stop"}),
        ("/api/train", {"more": "x" * 300_000}),
    ],
    "post /api/lesson": [
        ("/api/lesson", own()),
        ("/api/lesson", {}),
        ("/api/lesson", {"more": "x" * 300_000}),
    ],
    "post /api/rooms": [
        ("/api/rooms", {}),
        ("/api/rooms", {"names": 1}),
        ("/api/rooms", {"more": "x" * 300_000}),
        ("/api/rooms", {"names": True}),
    ],
    "get /api/rooms/{code}": [
        *("/api/rooms/CODE", "/api/rooms/nope"),
        *(f"/api/rooms/BBBBB{last}" for last in "BCD"),
    ],
    "post /api/rooms/{code}": [
        ("/api/rooms/CODE", {"id": 1, "join": ""}),
        ("/api/rooms/CODE", {"id": 1, "join": "forged"}),
        ("/api/rooms/CODE", {"id": 1}),
        ("/api/rooms/CODE", {"more": "x" * 300_000}),
        *((f"/api/rooms/BBBBB{last}", {"id": 1, "join": ""}) for last in "BCD"),
    ],
    **{
        f"get /api/rooms/{{code}}/{each}": [
            *(f"/api/rooms/CODE/{each}", f"/api/rooms/nope/{each}"),
            *(f"/api/rooms/BBBBB{last}/{each}" for last in "BCD"),
        ]
        for each in ("answers", "results", "lesson")
    },
    "post /api/rooms/{code}/lesson": [
        ("/api/rooms/CODE/lesson", own()),
        ("/api/rooms/CODE/lesson", {}),
        ("/api/rooms/CODE/lesson", {"more": "x" * 300_000}),
        *((f"/api/rooms/BBBBB{last}/lesson", own()) for last in "BCD"),
    ],
    "get /api/addresses": [
        "/api/addresses",
        "/api/addresses?base=nowhere",
    ],
    "get /api/qr": [
        "/api/qr",
        "/api/qr?path=nowhere",
        f"/api/qr?path=/lessons/own%23lesson={'x' * 4000}",
    ],
}
"""Requests of every operation, which have every status that it answers while the server is well."""
ROOM = "/api/rooms/{code}"
LESSON = rendered(shelf().get("quiz", "en"))
UNSEEN = {
    (each, 503)
    for each in (
        *(f"get {ROOM}{each}" for each in ("", "/answers", "/results", "/lesson")),
        *(f"post {ROOM}", f"post {ROOM}/lesson"),
    )
}
"""Only where Redis is away, or a room is full."""


def schema_of(method: str, path: str, status: int) -> dict:
    """The schema of an answer, with all that it refers to."""
    (content,) = DOCUMENT["paths"][path][method]["responses"][str(status)]["content"].values()
    return {**content["schema"], "components": DOCUMENT["components"]}


def check(answer: object, schema: dict) -> None:
    Draft202012Validator(schema).validate(answer)


def test_every_route_is_described_or_is_a_page():
    modules = (analysis, lab, lessons, networks, pages, rooms, stream, training, weights)
    routes = {route.path for module in modules for route in module.router.routes}
    assert routes - PAGES == {*DOCUMENT["paths"]}
    assert {f"{method} {path}" for method, path, _ in OPERATIONS} == {*CASES}


def test_every_answer_has_a_schema_or_is_a_file():
    """FastAPI adds an empty one of JSON to a route that does not say what it answers."""
    assert not [
        f"{method} {path} {status} {kind}"
        for method, path, operation in OPERATIONS
        for status, response in operation["responses"].items()
        for kind, content in response.get("content", {}).items()
        if kind == "application/json" and not content.get("schema")
    ]


def test_every_field_of_every_schema_is_described():
    assert [
        (name, field)
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.get("description")
    ] == []


def test_every_parameter_of_an_own_network_is_described():
    parameters = DOCUMENT["paths"]["/api/network"]["post"]["parameters"]
    assert len(parameters) == 9
    assert all(each["description"] and each["in"] == "query" for each in parameters)


async def ask(client, method, case, **options):
    """Ask, hold the answer against its schema, and return its status."""
    address, body = (case, None) if isinstance(case, str) else case
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent: dict[str, Any] = {} if method == "get" else {"content": content}
    sent["headers"] = options.pop("headers", {})
    if "/CODE" in address:
        rooms = client._transport.app.state.rooms
        code, token, _ = await rooms.open(False)
        await rooms.store.write(code, "lesson", {"own": json.dumps(LESSON)})
        address = address.replace("CODE", code)
        sent["headers"] = {"authorization": f"Bearer {token}", **sent["headers"]}
    return await client.request(method, address, **sent, **options)


def held(operation, response):
    """Hold an answer against what the description says of it, and return its status."""
    method, path = operation.split()
    told = DOCUMENT["paths"][path][method]["responses"].get(str(response.status_code))
    assert told, (operation, response.status_code, response.text[:200])
    kind = response.headers["content-type"].partition(";")[0]
    contents = {each.partition(";")[0]: told["content"][each] for each in told["content"]}
    schema = {**contents[kind]["schema"], "components": DOCUMENT["components"]}
    if kind == "application/x-ndjson":
        for line in response.text.splitlines():
            check(json.loads(line), schema)
    elif kind == "application/json":
        check(response.json(), schema)
    if response.status_code >= 400 and path not in ("/healthz", "/readyz"):
        assert set(response.json()) == {"field", "code", "details", "message"}
    return response.status_code


@pytest.mark.parametrize("operation", CASES)
async def test_a_route_answers_what_is_described_and_every_status_of_it(
    operation, monkeypatch, tmp_path
):
    method, path = operation.split()
    cases, seen = CASES[operation], set()
    few = {"rooms": 3 if path == "/api/rooms" else 9, "room_tries": 2} if "rooms" in path else {}
    async with opened(runs=1, patience=0, **few) as client:
        state = client._transport.app.state
        kept = kept_by(client, **LEARNT)
        name = "a.safetensors"
        state.checkpoints.keep("own", OwnNetwork.of(arrays_in(FILE, name), name))
        if operation == "post /api/checkpoint":
            kept["run-5"].save(tmp_path / "net.npz")
            cases = [(path, (tmp_path / "net.npz").read_bytes()), *cases]
        first = cases[0]
        for case in cases:
            seen.add(held(operation, await ask(client, method, case)))
        for headers in (LOOPBACK, {"host": "evil.example"}, CROSS_SITE):
            if "/api/" in path or headers != CROSS_SITE:
                seen.add(held(operation, await ask(client, method, first, headers=headers)))
        address = first if isinstance(first, str) else first[0]
        wrong = await client.put(address)
        assert wrong.status_code == 405
        check(wrong.json(), schema_of(method, path, 405))
        monkeypatch.setattr(lab, "STUCK_SECONDS", -1)
        monkeypatch.setattr(lab, "READY_SECONDS", 0)
        state.trainings.begin("a run that needs it all", Paged("another"), 2**30)
        async with state.runs.slot("another"):
            seen.add(held(operation, await ask(client, method, first)))
        monkeypatch.setattr(lab, "definitions", None)
        runs, settings = state.runs, state.settings
        state.runs = state.settings = state.checkpoints = None
        monkeypatch.setattr(Rooms, "find", None)
        seen.add(held(operation, await ask(client, method, first)))
        state.runs, state.settings = runs, settings
    told = {int(status) for status in DOCUMENT["paths"][path][method]["responses"]}
    unseen = {status for of, status in UNSEEN if of == operation}
    assert seen | {405} | unseen == told


def fits(value, hint):
    """Tell whether a value of JSON is of a type; a whole number is a number."""
    of, inner = get_origin(hint), get_args(hint)
    if of in (Union, UnionType):
        return any(fits(value, each) for each in inner)
    if is_typeddict(hint):
        hints = get_type_hints(hint)
        return (
            type(value) is dict
            and {*value} == {*hints}
            and all(fits(value[name], hints[name]) for name in hints)
        )
    if of is list:
        return type(value) is list and all(fits(each, inner[0]) for each in value)
    if of is dict or hint is float:
        return type(value) in ((dict,) if of is dict else (int, float))
    return type(value) is hint


def check_frame(frame, kinds):
    """Hold a frame against its class: no field or array more, none less, each of its type."""
    (kind,) = [each for each in kinds if each.type == frame.type]
    hints = {name: hint for name, hint, _ in header_of(kind)}
    assert {*frame.header} == {*hints, "type", "arrays"}
    for name, hint in hints.items():
        assert fits(frame.header[name], hint), (name, frame.header[name])
    left = {**frame.arrays}
    for name, array, optional, _ in arrays_of(kind):
        several = name == array.prefix
        found = [each for each in left if each == name or (several and each.startswith(name))]
        assert found or optional or several, name
        for each in found:
            value = left.pop(each)
            assert (value.dtype.str, value.ndim) == (array.dtype, len(array.shape)), each
    assert left == {}


@pytest.mark.parametrize(
    "experiment",
    [
        *({"cell": cell} for cell in CELLS),
        {"architecture": "encoder-decoder", "cell": "lstm"},
        {"activation": "identity", "recurrent_scale": 10, "sequence": "ab" * 400},
        {"checkpoint": "run-5"},
    ],
)
async def test_every_frame_of_a_run_is_as_it_is_typed(experiment):
    async with opened() as client:
        kept_by(client, **LEARNT)
        answer = await client.post("/api/stream", json={"id": 1, "experiment": experiment})
    found = [*frames(answer.content)]
    assert [found[0].type, found[-1].type] == ["begin", "end"]
    for frame in found:
        check_frame(frame, RUN)


@pytest.mark.parametrize("task", ["recall", "adding", "text"])
async def test_every_frame_of_a_training_is_as_it_is_typed(task):
    fields = {"task": task, "hidden_size": 4, "steps": 3, "examples": LEARNT["examples"]}
    if task != "text":
        del fields["examples"]
    async with opened() as client:
        answer = await client.post("/api/train", json={"id": 1, "train": fields})
        single = await client.post("/api/train", json={"id": 1, "train": fields, "do": "step"})
    found = [*frames(answer.content)]
    assert {frame.type for frame in found} == {"begin", "steps", "end"}
    stepped = [*frames(single.content)]
    assert [frame.type for frame in stepped] == ["begin", "steps", "paused"]
    for frame in (*found, *stepped):
        check_frame(frame, TRAINING)
