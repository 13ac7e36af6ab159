"""Refusals are in the reader's language: no English sentence inside a Chinese one."""

import json
import re

import pytest

from tests.app.routes.test_lab import opened
from unrolled.app.errors import MessageError
from unrolled.app.i18n.catalog import translator
from unrolled.app.runs.requests import parse_object

pytestmark = pytest.mark.anyio
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|（[^（）]*）|\{.*\}")
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
"""Two words of Latin letters: names stand alone, or have commas between them."""

LESSON = {"lesson": {"steps": [{"id": "a"}]}, "words": {"title": "x", "steps": {"a": {}}}}
BAD: tuple[tuple[str, object], ...] = (
    ("/api/trace", b"no JSON at all, but a sentence"),
    ("/api/trace", b'{"cell": '),
    ("/api/trace", b"[" * 100_000),
    ("/api/trace", b"[" + b"9" * 5_000 + b"]"),
    ("/api/trace", b'{"cell": "\xff"}'),
    ("/api/trace", ["no", "object"]),
    ("/api/trace", {"hidden_size": None}),
    ("/api/trace", {"hidden_size": float("nan")}),
    ("/api/trace", {"seed": 10**4000}),
    ("/api/trace", {"cell": True}),
    ("/api/trace", {"cell": "no such cell"}),
    ("/api/trace", {"no such field": 1}),
    ("/api/trace", {"loss": [[]]}),
    ("/api/trace", {"sequence": "\ud800"}),
    ("/api/trace", {"architecture": "many-to-many", "target": "a b"}),
    ("/api/trace", {"checkpoint": "no such run"}),
    ("/api/step", {"experiment": {}, "timestep": "now"}),
    ("/api/step", {"experiment": {}}),
    ("/api/weights", {"experiment": {}, "weight": "W_hh_1_2"}),
    ("/api/weights", {"experiment": {"hidden_size": 2}, "weight": "no such weight"}),
    ("/api/weights", {"experiment": {"hidden_size": 2}, "weight": "W_xh_1_%40%40%40"}),
    ("/api/weights", {"experiment": {"hidden_size": 2, "by_hand": "W_hh_1_2 much"}}),
    ("/api/trace", {"layers": 2, "architecture": "encoder-decoder"}),
    ("/api/trace", {"layers": 2, "hidden_size": 2, "by_hand": "W_hh_1_2 1"}),
    ("/api/sample", {"checkpoint": "no such run"}),
    ("/api/sweep", {"experiment": {}, "recurrent_scale": "one two"}),
    ("/api/sweep", {"experiment": {}, "recurrent_scale": [2, 1]}),
    ("/api/sweep", {"experiment": {}, "recurrent_scale": [1], "seeds": 0.5}),
    ("/api/analysis/spectrum", {"cell": "feedforward"}),
    ("/api/analysis/nothing", {}),
    ("/api/export/exe", None),
    ("/api/figures?theme=no%20theme", None),
    ("/api/checkpoint", None),
    ("/api/qr?path=nowhere%20at%20all", None),
    ("/api/qr?base=nowhere%20at%20all", None),
    ("/api/lesson", {"lesson": {}}),
    ("/api/lesson", LESSON),
    ("/api/lesson", {**LESSON, "lesson": {"steps": [{"id": "a b c"}]}}),
    ("/nothing is here", None),
)


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


async def test_no_refusal_has_an_english_sentence_inside_a_chinese_one():
    t, codes = translator("zh-CN"), set()
    async with opened(host="0.0.0.0") as client:
        for path, body in BAD:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            asked = client.get(path) if body is None else client.post(path, content=content)
            problem = (await asked).json()
            assert set(problem) == {"field", "code", "details", "message"}, (path, body)
            said = t(f"error.{problem['code']}", field=problem["field"], **problem["details"])
            assert not SENTENCE.search(QUOTED.sub("", said)), (path, said)
            codes.add(problem["code"])
    assert len(codes) > 25


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"{'a': 1}", {"line": 1, "column": 2}),
        ('{"时间":\n  神}'.encode(), {"line": 2, "column": 3}),
    ],
)
def test_invalid_json_is_refused_with_its_position(text, place):
    with pytest.raises(MessageError) as caught:
        parse_object(text)
    assert place.items() <= caught.value.details.items()
