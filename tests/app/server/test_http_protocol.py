"""The limits of an HTTP request, in size and in time; a real server, and bare sockets."""

import json
import logging
import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect

from unrolled.app.middleware.security_headers import HEADERS
from unrolled.app.server import http_protocol, process


@pytest.fixture
def quick(monkeypatch):
    """A server whose patience with a slow client is short."""
    monkeypatch.setattr(http_protocol, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(http_protocol, "UNREAD_SECONDS", 0.3)


def dialled(url):
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), timeout=20)


def answer_to(url, sent):
    """All that comes back until the server closes."""
    with dialled(url) as client:
        received = b""
        try:
            client.sendall(sent)
            while part := client.recv(65536):
                received += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return received


GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"


@pytest.mark.parametrize(
    "head",
    [
        GET + b"X-Long: " + b"x" * 5_000_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 5_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        GET + b"".join(b"X-%d: x\r\n" % number for number in range(100_000)) + b"\r\n",
    ],
    ids=["one long header", "a long address", "endless headers"],
)
def test_headers_without_end_are_refused_with_an_answer(server, head):
    assert answer_to(server, head).startswith(b"HTTP/1.1 431 ")
    assert httpx.get(f"{server}/healthz").status_code == 200


def head_of(size):
    """A head of so many bytes, empty line and all."""
    short = GET + b"Connection: close\r\nX-Long: \r\n\r\n"
    return short[:-4] + b"x" * (size - len(short)) + b"\r\n\r\n"


POST = b"POST /api/trace HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b" " * 100_000


@pytest.mark.parametrize("before", [b"", GET + b"\r\n", POST], ids=["alone", "second", "behind"])
def test_a_head_is_refused_from_the_first_byte_beyond_the_limit(server, before):
    most = http_protocol.MOST_HEAD_BYTES
    for size, status in ((most, b"200"), (most + 1, b"431")):
        with dialled(server) as client:
            received = b""
            if before:
                client.sendall(before)
                while received.count(b"HTTP/1.1") < 1:
                    received += client.recv(65536)
            client.sendall(head_of(size))
            received = b""
            while part := client.recv(65536):
                received += part
        assert received.startswith(b"HTTP/1.1 " + status), (size, received[:80])


BODY = b"POST /api/trace HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{"


@pytest.mark.parametrize("sent", [b"", b"GET /heal", GET, BODY])
def test_a_request_that_does_not_come_is_not_waited_for(quick, serve, sent):
    url = serve()
    start = time.perf_counter()
    received = answer_to(url, sent)
    assert time.perf_counter() - start < 15
    assert received.startswith(b"HTTP/1.1 408 ")
    assert received.count(b"HTTP/1.1") == 1


def test_an_answer_that_needs_no_body_is_given_and_the_connection_closed(quick, serve):
    received = answer_to(serve(), GET + b"Content-Length: 9\r\n\r\nabc")
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.count(b"HTTP/1.1") == 1


def test_a_page_that_loads_slowly_is_served_whole(quick, serve):
    url = serve()
    with dialled(url) as client:
        client.sendall(GET + b"Connection: close\r\n\r\n")
        time.sleep(0.6)
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_requests_that_come_ahead_are_all_answered_in_order(server):
    asked = 300
    with dialled(server) as client:
        client.sendall((GET + b"\r\n") * (asked - 1) + GET + b"Connection: close\r\n\r\n")
        received = b""
        while part := client.recv(65536):
            received += part
    assert received.count(b"HTTP/1.1 200 OK") == asked


def test_no_more_requests_are_taken_than_are_answered(serve):
    asked = (GET + b"\r\n") * 500_000  # 20 MB, of which the system keeps some on their way
    with dialled(serve()) as client:
        client.settimeout(0.5)
        taken = 0
        with suppress(TimeoutError, ConnectionError):
            while taken < len(asked):
                taken += client.send(asked[taken : taken + 65536])
    assert taken < len(asked) / 2


def test_a_client_that_reads_nothing_is_dropped(quick, serve):
    url = serve()
    (large,) = set(re.findall(r"vendor/plotly-\w+\.js", httpx.get(url).text))
    with dialled(url) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f"GET /{large} HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 4)
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while True:
                client.sendall(GET)
                time.sleep(0.05)


@pytest.mark.parametrize(
    "headers",
    [
        [("Cookie", "; ".join(f"other-{number}={'x' * 2800}" for number in range(5)))],
        [(f"X-{number}", "x") for number in range(200)],
    ],
    ids=["long cookies", "many headers"],
)
def test_a_socket_opens_under_whatever_else_a_browser_sends_along(server, headers):
    url = server.replace("http", "ws") + "/api/stream"
    with connect(url, additional_headers=headers, compression=None) as channel:
        channel.send('{"id": 1, "experiment": {}}')
        assert b'"begin"' in channel.recv()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (head_of(100_000), b"431"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"400"),
        (GET, b"408"),
    ],
    ids=["a long head", "no HTTP", "half a head"],
)
def test_an_answer_that_no_route_makes_has_the_headers_of_every_answer(quick, serve, sent, status):
    received = answer_to(serve(), sent)
    assert received.startswith(b"HTTP/1.1 " + status)
    lines = received.partition(b"\r\n\r\n")[0].decode().lower().split("\r\n")
    names = {line.partition(":")[0] for line in lines}
    assert {name.lower() for name in (*HEADERS, "Cache-Control")} <= names


SOCKET = (
    b"GET /api/stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n\r\n"
)


@pytest.mark.parametrize(
    ("part", "other", "status", "code"),
    [
        (b"Host: a", b"Host: a\r\nOrigin: http://b", b"403", "foreign"),
        (b"Host: a", b"Host: elsewhere.example", b"403", "host"),
        (b"/api/stream", b"/api/nothing", b"404", "no_page"),
    ],
)
def test_a_socket_that_may_not_open_is_told_why_like_every_request(
    serve, part, other, status, code
):
    head, _, body = answer_to(serve(), SOCKET.replace(part, other)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + status)
    names = [line.partition(":")[0] for line in head.decode().lower().split("\r\n")]
    assert all(names.count(name.lower()) == 1 for name in (*HEADERS, "Cache-Control"))
    assert json.loads(body)["code"] == code


NO_TEXT, LEAVING = b"\x81\x82\0\0\0\0\xff\xff", b"\x88\x82\0\0\0\0\x03\xe8"


@pytest.mark.parametrize(
    ("frames", "code"), [(NO_TEXT, 1007), (NO_TEXT + LEAVING, 1000)], ids=["alone", "and leaves"]
)
def test_bytes_that_are_no_text_close_their_socket_without_a_traceback(serve, caplog, frames, code):
    caplog.set_level(logging.INFO, "unrolled")
    logger = logging.getLogger("uvicorn.error")
    logger.addHandler(caplog.handler)
    try:
        with dialled(serve()) as client:
            client.sendall(SOCKET)
            assert b" 101 " in client.recv(4096)
            client.sendall(frames)
            received = b""
            while part := client.recv(4096):
                received += part
    finally:
        logger.removeHandler(caplog.handler)
    assert received == b"\x88\x02" + code.to_bytes(2)
    assert [each for each in caplog.records if each.exc_info] == []
    assert caplog.text.count("not UTF-8") == 1


def test_as_many_descriptors_as_the_system_allows_are_taken():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[0]), before[1]))
        allowed = process.raise_descriptors()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert soft == allowed == min(hard, process.MOST_DESCRIPTORS)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
