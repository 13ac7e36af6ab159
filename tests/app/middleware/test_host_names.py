"""The names under which the server is asked."""

import json
import socket

import httpx
import pytest

from unrolled.app.middleware.host_names import known
from unrolled.app.settings import Settings

EVIL = "evil.test"


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1:8000", "10.0.0.7", "[::1]:8000", "[fe80::1%eth0]", "localhost", "lab:8000"),
        *("teacher.local", "lab.localhost", "LOCALHOST", socket.gethostname()),
    ],
)
def test_an_ip_address_and_a_local_name_are_this_server(host):
    assert known(host, Settings())


@pytest.mark.parametrize(
    "host", [EVIL, "127.0.0.1.evil.test", "evil.test:8000", "local.evil.test."]
)
def test_a_public_name_is_not_this_server(host):
    assert not known(host, Settings())


@pytest.mark.parametrize(
    "fields",
    [
        {"hosts": ["School.example"]},
        {"public_address": "https://school.example/course/rnn"},
        {"origins": ["https://school.example"]},
    ],
)
def test_the_operator_names_further_ones(fields):
    assert known("school.example:443", Settings(**fields))
    assert not known("other.example", Settings(**fields))


def test_a_page_whose_name_leads_here_reads_nothing_and_opens_no_socket(server):
    for path in ("/", "/api/figures", "/healthz"):
        answer = httpx.get(server + path, headers={"Host": EVIL})
        assert answer.status_code == 403
        assert EVIL in answer.json()["message"] and "UNROLLED_HOSTS" in answer.json()["message"]
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for host, status in ((EVIL, 403), ("localhost", 101)):
        headers = {**upgrade, **key, "Host": host}
        with httpx.stream("GET", f"{server}/api/stream", headers=headers) as answer:
            assert answer.status_code == status


def test_a_name_that_a_trusted_proxy_passes_on_is_the_proxys_to_know(serve):
    url = serve(proxies=["127.0.0.1"])
    assert httpx.get(f"{url}/healthz", headers={"Host": EVIL}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/train", "/healthz", "/api/figures", "/favicon.ico"])
def test_head_is_answered_as_get_is_without_the_body(server, path):
    head, get = httpx.head(server + path), httpx.get(server + path)
    assert (head.status_code, head.content) == (200, b"")
    varies = ("date", "set-cookie", "content-encoding", "content-length")
    for name in get.headers.keys() - varies:
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("path", ["/", "/nope", "/api/figures", "/api/nope", "/healthz"])
def test_every_answer_has_the_headers_that_keep_other_pages_out(server, path):
    for headers in ({}, {"Accept": "text/html"}, {"Host": EVIL}):
        answer = httpx.get(server + path, headers=headers)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Permissions-Policy" in answer.headers and "Cache-Control" in answer.headers
        assert "server" not in answer.headers


def test_a_file_of_a_run_is_not_kept_by_any_cache(server):
    answer = httpx.get(f"{server}/api/export/json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.content)
