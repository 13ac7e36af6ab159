"""A computation ends when its client leaves; over a real uvicorn."""

import json
import socket
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conftest import Served
from unrolled.app.settings import Settings

LONG = {
    "sequence": "ab" * 500,
    "hidden_size": 512,
    "cell": "lstm",
    "architecture": "many-to-many",
}
"""Many seconds of work."""
LESSON = {
    "lesson": {
        "steps": [
            {
                "id": "a",
                "experiment": LONG,
                "question": {
                    "kind": "number",
                    "answer": {"quantity": "gradient", "t": 1},
                    "mistakes": {"b": {"quantity": "gradient", "t": 1, "with": {"seed": 1}}},
                },
            }
        ]
    },
    "words": {
        "title": "A",
        "steps": {
            "a": {
                "title": "A",
                "text": "A",
                "question": {"ask": "?", "why": "!", "mistakes": {"b": {"why": "!"}}},
            }
        },
    },
}
ASKED = {
    "trace": ("POST /api/trace", LONG),
    "analysis": ("POST /api/analysis/step_factors", LONG),
    "export": (f"GET /api/export/csv?{urlencode(LONG)}", None),
    "replay": (f"GET /api/export/html?{urlencode(LONG)}", None),
    "lesson": ("POST /api/lesson", LESSON),
}


@pytest.fixture(scope="module")
def url():
    served = Served(Settings(answers=1, patience=0, answer_numbers=50_000_000))
    yield served.url
    served.stop()


@pytest.mark.parametrize(("asked", "body"), ASKED.values(), ids=ASKED)
def test_the_work_for_a_client_that_leaves_ends(url, asked, body):
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{asked} HTTP/1.1\r\nHost: lab\r\nContent-Length: {len(content)}\r\n\r\n"
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port)) as client:
        client.sendall(head.encode() + content)
        while status(url) != 503:
            client.settimeout(0.01)
            with pytest.raises(TimeoutError):
                pytest.fail(f"it was answered: {client.recv(1000)!r}")
    left = time.perf_counter()
    while status(url) != 200:
        assert time.perf_counter() - left < 10
        time.sleep(0.05)


def status(url):
    """Return the answer to a small trace."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/api/trace", b"{}")) as response:
            response.read()
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
