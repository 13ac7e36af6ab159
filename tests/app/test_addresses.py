"""Where the lab stands is up to a proxy, and the lab takes no notice."""

import json
import re
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.routes.test_lab import opened
from tests.lessons import SLUG, written
from unrolled.app.addresses import canonical
from unrolled.app.i18n.catalog import languages

PREFIX = "/course/rnn"
PAGES = [
    *("/", "/train", "/docs", "/lessons", "/lessons/own", "/lessons/own/notes"),
    *(f"/lessons/{SLUG}", f"/lessons/{SLUG}/notes"),
]


@pytest.fixture(scope="module")
async def kept(tmp_path_factory):
    folder = written(tmp_path_factory.mktemp("lessons"))
    named = {"root_path": f"{PREFIX}/", "hosts": ["evil.example"]}
    async with opened(lessons=folder, **named) as client:
        client.headers["Accept-Encoding"] = "identity"
        yield client


@pytest.fixture(scope="module")
def answered():
    """The addresses that have been asked for: each is, once."""
    return set()


def strings(value):
    if isinstance(value, dict):
        yield from (text for each in value.values() for text in strings(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in strings(each))
    elif isinstance(value, str):
        yield value


def named(html):
    """Every address in a page: of its elements, and of what its modules are told."""
    yield from re.findall(r'\b(?<!-)(?:src|href|(?<!target)action)="([^"#]+)"', html)
    if config := re.search(r'id="config">(.*?)</script>', html, re.S):
        told = {k: v for k, v in json.loads(config[1]).items() if k not in ("catalog", "lesson")}
        yield from (text for text in strings(told) if re.match(r"\.*/|https?:", text))


@pytest.mark.anyio
@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("path", PAGES)
async def test_every_address_that_a_page_names_lies_below_the_prefix(
    kept, answered, path, language
):
    asked = f"{PREFIX}{path}"
    addresses = set(named((await kept.get(asked, params={"lang": language})).text))
    assert addresses
    for address in addresses:
        assert re.match(r"\.{1,2}/|\?", address), address
        whole = urljoin(f"http://lab{asked}", address)
        assert whole.startswith(f"http://lab{PREFIX}/"), address
        if whole not in answered and not re.search(r"/api/(?!export/)", whole):
            assert (await kept.get(whole)).status_code == 200, address
            answered.add(whole)


async def follow(client, path):
    """The path that a browser ends at."""
    for _ in range(5):
        answer = await client.get(path)
        if answer.status_code != 307:
            return path, answer.status_code
        path = urljoin(path, answer.headers["Location"])
    pytest.fail("it goes round")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (PREFIX, f"{PREFIX}/"),
        (f"{PREFIX}?cell=lstm", f"{PREFIX}/?cell=lstm"),
        (f"{PREFIX}/train/", f"{PREFIX}/train"),
        (f"{PREFIX}/lessons/{SLUG}/?step=a&lang=en", f"{PREFIX}/lessons/{SLUG}?step=a&lang=en"),
        (f"{PREFIX}/lessons/own/notes/", f"{PREFIX}/lessons/own/notes"),
        ("/train/", "/train"),
    ],
)
async def test_a_slash_too_many_or_too_few_is_mended_and_the_prefix_stays(kept, asked, found):
    assert await follow(kept, asked) == (found, 200)


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/train/", "//evil.example/", "/lessons//", "/%2F/", "//"])
async def test_a_redirect_leads_to_no_other_host(kept, path):
    answer = await kept.get(f"http://lab{PREFIX}{path}", headers={"Host": "evil.example"})
    assert answer.status_code == 307
    assert urljoin("https://school.example/a/", answer.headers["Location"]).startswith(
        "https://school.example/"
    )


@given(st.text("ab/.:?%", max_size=12).map("/".__add__))
def test_the_way_to_the_one_address_is_short_and_stays_on_the_host(path):
    for _ in range(len(path) + 1):
        if (way := canonical(path, "/a")) is None:
            return
        assert way.startswith(("./", "../"))
        path = urljoin(f"http://lab{path}", way).removeprefix("http://lab")
        assert path.startswith("/")
    pytest.fail(path)


@pytest.mark.anyio
async def test_the_language_is_remembered_below_the_prefix_alone(kept):
    cookie = (await kept.get(f"{PREFIX}/docs?lang=zh")).headers["Set-Cookie"]
    assert f"Path={PREFIX}/;" in f"{cookie};"
    async with opened() as client:
        assert "Path=/;" in (await client.get("/docs?lang=zh")).headers["Set-Cookie"] + ";"


@pytest.mark.anyio
async def test_the_description_of_the_api_is_where_it_says_that_the_api_is(kept):
    (server,) = (await kept.get(f"{PREFIX}/openapi.json")).json()["servers"]
    found = urljoin(f"http://lab{PREFIX}/openapi.json", server["url"])
    assert found == f"http://lab{PREFIX}/"


@pytest.mark.anyio
async def test_a_server_with_a_prefix_is_still_found_without_it(kept):
    for path in ("/healthz", "/train", f"/lessons/{SLUG}"):
        assert (await kept.get(path)).status_code == 200


FORWARDED = {"X-Forwarded-Prefix": PREFIX, "X-Forwarded-Host": "school.example"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("proxies", "prefix"),
    [((), ""), (("10.0.0.0/8",), ""), (("127.0.0.1",), PREFIX), (("*",), PREFIX)],
)
async def test_headers_of_a_trusted_proxy_count(proxies, prefix):
    async with opened(proxies=proxies) as client:
        cookie = (await client.get("/docs?lang=zh", headers=FORWARDED)).headers["Set-Cookie"]
    assert f"Path={prefix}/;" in f"{cookie};"


@pytest.mark.anyio
async def test_a_prefix_that_no_address_could_have_is_passed_over():
    async with opened(proxies=("*",)) as client:
        for prefix in ("course", "/a b", "//evil.example", "/a;Domain=x", "/"):
            answer = await client.get("/docs?lang=zh", headers={"X-Forwarded-Prefix": prefix})
            assert "Path=/;" in answer.headers["Set-Cookie"] + ";", prefix


@pytest.mark.anyio
@pytest.mark.parametrize("prefix", ["/docs", "/assets/x"])
async def test_a_prefix_may_be_named_as_a_page_of_ours(prefix):
    async with opened(proxies=("*",)) as client:
        answer = await client.get("/docs", headers={"X-Forwarded-Prefix": prefix})
    assert answer.status_code == 200
    async with opened(root_path=prefix) as client:
        assert await follow(client, f"{prefix}/docs/") == (f"{prefix}/docs", 200)
