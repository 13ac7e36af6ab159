"""The pages that may open a socket, and the log line about one that may not."""

import json
import logging
import re

import pytest
from pydantic import ValidationError
from websockets.exceptions import InvalidStatus

from tests import proxies
from tests.app.routes.test_stream import connected
from unrolled.app.settings import Settings
from unrolled.app.web.origins import Asked, Sparing, refusal

PUBLIC = {"public_address": "https://school.example/course/rnn/"}


@pytest.mark.parametrize(
    ("origin", "host", "fields"),
    [
        (None, "lab:8000", {}),
        ("http://lab:8000", "lab:8000", {}),
        ("http://lab", "lab:80", {}),
        ("https://school.example", "School.Example:443", {}),
        ("http://[::1]:8000", "[::1]:8000", {}),
        ("https://class.example", "lab", {"origins": ["class.example"]}),
        ("https://class.example", "lab", {"origins": ["https://class.example"]}),
        ("https://class.example", "lab", {"origins": ["https://class.example:443/"]}),
        ("https://school.example", "127.0.0.1:8000", PUBLIC),
    ],
)
def test_our_own_page_is_let_in_and_one_that_the_operator_names(origin, host, fields):
    assert refusal(Asked(origin, host), Settings(**fields)) is None


@pytest.mark.parametrize(
    ("origin", "host", "fields"),
    [
        ("http://evil.example", "lab", {}),
        ("http://lab.evil.example", "lab", {}),
        ("http://evil.example:80", "lab:80", {}),
        ("https://lab:80", "lab", {}),
        ("http://lab@evil.example", "lab", {}),
        ("http://class.example", "lab", {"origins": ["https://class.example"]}),
        ("http://school.example", "127.0.0.1:8000", PUBLIC),
        ("ftp://lab", "lab", {}),
        ("//lab", "lab", {}),
        ("null", "lab", {}),
        ("null", "", {}),
        ("null", None, {}),
        ("", "lab", {}),
        ("", "", {}),
        ("http://[::1", "lab", {}),
        ("http://[zz]/", "lab", {}),
        ("http://evil.example", "lab", {"origins": [""]}),
    ],
)
def test_any_other_is_refused(origin, host, fields):
    assert refusal(Asked(origin, host), Settings(**fields))


def test_the_line_names_the_origin_the_host_and_a_setting_that_lets_it_in():
    asked = Asked("https://school.example", "127.0.0.1:8000")
    line = refusal(asked, Settings())
    assert "'https://school.example'" in line and "'127.0.0.1:8000'" in line
    origins = json.loads(re.search(r"UNROLLED_ORIGINS='(.*?)'", line)[1])
    assert refusal(asked, Settings(origins=origins)) is None


def test_where_a_proxy_says_which_host_was_asked_for_the_line_says_how_to_trust_it():
    line = refusal(
        Asked("https://school.example", "lab:8000", "school.example", "10.1.2.3"), Settings()
    )
    assert "UNROLLED_PROXIES='[\"10.1.2.3\"]'" in line


def test_a_page_in_a_sandboxed_frame_is_told_what_its_frame_needs():
    assert "allow-same-origin" in refusal(Asked("null", "lab"), Settings())


def test_a_header_of_a_client_adds_no_line_to_the_log():
    line = refusal(Asked("http://x\nERROR \x1b[31m" + "y" * 10_000, "a\r\nb" * 999), Settings())
    assert line.isprintable() and len(line) < 600


def test_a_line_is_said_once_a_minute_and_counts_those_between():
    said = []
    sparing = Sparing(said.append, every=60)
    for now in (0, 1, 30, 59, 61, 200):
        sparing("refused", now)
    assert said == ["refused", "refused (3 more since the last such line)", "refused"]


async def opening(url, **headers):
    """The status with which a socket is answered."""
    try:
        async with connected(url, additional_headers=headers) as socket:
            return socket.response.status_code
    except InvalidStatus as refused:
        return refused.response.status_code


@pytest.mark.anyio
async def test_behind_a_proxy_that_rewrites_the_host_one_line_of_the_log_mends_it(serve, caplog):
    seen = {"Origin": "https://school.example", "X-Forwarded-Host": "school.example"}
    with caplog.at_level(logging.WARNING, "unrolled"):
        url = serve()
        assert [await opening(url, **seen) for _ in range(3)] == [403] * 3
    (line,) = [record.getMessage() for record in caplog.records]
    named = json.loads(re.search(r"UNROLLED_PROXIES='(.*?)'", line)[1])
    assert await opening(serve(proxies=named), **seen) == 101
    assert await opening(serve(proxies=["10.0.0.0/8"]), **seen) == 403


@pytest.mark.anyio
async def test_an_nginx_that_rewrites_the_host_is_believed_where_it_is_trusted(serve):
    if help_ := proxies.missing("nginx"):
        pytest.skip(help_)
    change = "proxy_set_header Host $http_host;", proxies.snippet("nginx-rewritten").strip()
    for trusted, code in (([], 403), (["127.0.0.1"], 101)):
        port = int(serve(proxies=trusted).rpartition(":")[2])
        with proxies.Proxy("nginx-stripped", port, change) as proxy:
            assert await opening(proxy.url, Origin=proxy.url.removesuffix(proxies.PREFIX)) == code


@pytest.mark.parametrize(
    "fields",
    [
        {"proxies": ["nginx"]},
        {"root_path": "course"},
        {"root_path": "/course?x"},
        {"public_address": "school.example"},
        {"public_address": "https://school.example/?x=1"},
        {"frame_ancestors": ["https://lms.example; script-src *"]},
        {"frame_ancestors": ["lms.example evil.example"]},
    ],
)
def test_a_setting_that_means_nothing_is_refused(fields):
    with pytest.raises(ValidationError):
        Settings(**fields)
