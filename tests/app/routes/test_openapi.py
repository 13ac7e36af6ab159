"""The API's own description, walked, and real answers held against it."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests.app.routes.test_lab import opened
from tests.app.training.test_sampling import LEARNT, kept_by
from unrolled.app.main import create_app
from unrolled.engine import CELLS

pytestmark = pytest.mark.anyio
DOCUMENT = create_app().openapi()
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
SHORT = {"sequence": "abcd", "hidden_size": 3}
SWEEP = {"experiment": SHORT, "recurrent_scale": [0.5, 1.5], "seeds": 2}
ASKED = [
    ("get", "/healthz", "/healthz", None),
    ("get", "/readyz", "/readyz", None),
    *(("post", "/api/trace", "/api/trace", {**SHORT, "cell": cell}) for cell in CELLS),
    ("post", "/api/trace", "/api/trace", {**SHORT, "architecture": "encoder-decoder"}),
    ("post", "/api/trace", "/api/trace", {**SHORT, "recurrent_scale": 0, "clip_norm": 1}),
    *(
        ("post", "/api/step", "/api/step", {"experiment": {**SHORT, "cell": cell}, "timestep": 2})
        for cell in CELLS
    ),
    ("post", "/api/sample", "/api/sample", {"checkpoint": "run-5"}),
    ("get", "/api/figures", "/api/figures", None),
    *(
        ("post", "/api/analysis/{name}", f"/api/analysis/{name}", {**SHORT, "cell": cell})
        for name in ("spectrum", "singular_values", "step_factors", "lyapunov")
        for cell in ("rnn", "lstm")
    ),
    ("post", "/api/sweep", "/api/sweep", SWEEP),
    ("post", "/api/sweep", "/api/sweep", {**SWEEP, "shares": True}),
    ("get", "/api/checkpoint", "/api/checkpoint?name=run-5", None),
    ("get", "/api/addresses", "/api/addresses?base=http://192.168.1.7:8000/", None),
    ("get", "/api/addresses", "/api/addresses", None),
]
REFUSED = [
    ("post", "/api/trace", "/api/trace", {"cell": "nope"}, 422),
    ("post", "/api/step", "/api/step", {"experiment": {}}, 422),
    ("post", "/api/sweep", "/api/sweep", {}, 422),
    ("post", "/api/analysis/{name}", "/api/analysis/nope", {}, 422),
    ("get", "/api/export/{ending}", "/api/export/exe", None, 422),
    ("get", "/api/figures", "/api/figures?theme=sepia", None, 422),
    ("get", "/api/figures", "/api/figures?lang=xx", None, 422),
    ("get", "/api/checkpoint", "/api/checkpoint", None, 422),
    ("get", "/api/checkpoint", "/api/checkpoint?name=nope-1", None, 404),
    ("post", "/api/sample", "/api/sample", {"checkpoint": "nope-1"}, 404),
]


def schema_of(method: str, path: str, status: int) -> dict:
    """The schema of an answer, with all that it refers to."""
    (content,) = DOCUMENT["paths"][path][method]["responses"][str(status)]["content"].values()
    return {**content["schema"], "components": DOCUMENT["components"]}


def check(answer: object, schema: dict) -> None:
    Draft202012Validator(schema).validate(answer)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_answer_has_a_schema(method, path, operation):
    for response in operation["responses"].values():
        for content in response["content"].values():
            assert content["schema"]
    refused = [status for status in operation["responses"] if status[0] == "4"]
    assert refused or path in ("/healthz", "/readyz")


def test_every_field_of_every_schema_is_described():
    assert [
        (name, field)
        for name, schema in DOCUMENT["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.get("description")
    ] == []


@pytest.mark.parametrize(("method", "path", "address", "body"), ASKED)
async def test_an_answer_is_as_it_is_described(method, path, address, body):
    async with opened() as client:
        kept_by(client, **LEARNT)
        response = await client.request(method, address, json=body)
    if path == "/api/addresses" and response.status_code != 200:
        check(response.json(), schema_of(method, path, response.status_code))
        return
    assert response.status_code == 200, response.text
    for line in response.text.splitlines() if path == "/api/sweep" else [response.text]:
        check(json.loads(line), schema_of(method, path, 200))


@pytest.mark.parametrize(("method", "path", "address", "body", "status"), REFUSED)
async def test_every_refusal_has_one_shape(method, path, address, body, status):
    async with opened() as client:
        response = await client.request(method, address, json=body)
    assert response.status_code == status
    assert set(response.json()) == {"field", "code", "details", "message"}
    check(response.json(), schema_of(method, path, status))
