import asyncio
import gzip
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import brotli
import pytest
from fastapi import Request

from tests.app.routes.test_lab import opened
from unrolled.app.folders import root
from unrolled.app.i18n.catalog import languages
from unrolled.app.main import create_app
from unrolled.app.web.assets import Asset, Assets, Vendored
from unrolled.app.web.templates import environment

pytestmark = pytest.mark.anyio

PAGES = ["/", "/train", "/docs", "/lessons", "/lessons/own"]


@pytest.fixture(scope="module")
async def site():
    """A client of the lab, whose pages are rendered once."""
    async with opened() as client:
        yield client


@pytest.fixture
def client(site):
    """A client that remembers nothing of what was asked before."""
    site.cookies.clear()
    return site


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/nowhere"])
async def test_every_answer_carries_the_security_headers(client, path):
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
@pytest.mark.parametrize("name", ["js/pages/lab.js", "css/tokens.css", "favicon.svg"])
async def test_assets_are_compressed_and_kept_for_ever(client, name, encoding, unpack):
    url = Assets(root() / "static").url(name)
    async with client.stream("GET", url, headers={"Accept-Encoding": encoding}) as response:
        body = b"".join([chunk async for chunk in response.aiter_raw()])
    assert unpack(body) == (root() / "static" / name).read_bytes()
    assert response.headers["Content-Encoding"] == encoding
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Vary"] == "Accept-Encoding"


async def test_a_client_without_compression_gets_the_plain_file(client):
    url = Assets(root() / "static").url("js/pages/lab.js")
    response = await client.get(url, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in response.headers
    assert response.text == (root() / "static/js/pages/lab.js").read_text()


@pytest.mark.parametrize("path", PAGES)
async def test_an_unchanged_file_is_not_sent_again(client, path):
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.delivery  # 8 s of a processor
async def test_everything_is_compressed_before_the_first_request():
    async with opened(prepare=True) as client:
        site = client._transport.app.state.pages
        served = [
            *[await site.get(*key) for key in of_its_own(site)],
            *site.assets.files.values(),
            *site.vendored.files.values(),
        ]
        for _ in range(6000):
            if all({"brotli", "gzip"} <= set(vars(asset)) for asset in served):
                return
            await asyncio.sleep(0.01)
    pytest.fail("something was left uncompressed")


def test_compressed_files_are_answered_at_once():
    asset = Asset(b"x" * 1000, "text/css")
    asset.compress()
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip, br")]})
    with pytest.raises(StopIteration) as answered:
        asset.response(request, "").send(None)
    assert answered.value.value.body == asset.brotli


def test_a_file_that_is_asked_for_before_it_is_prepared_is_compressed_quickly():
    asset = Asset(b"a page of many words " * 1000, "text/html")
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip, br")]})

    def answer():
        return asyncio.run(asset.response(request, "")).body

    assert brotli.decompress(answer()) == asset.body
    assert "brotli" not in vars(asset)
    asset.compress()
    assert answer() == asset.brotli != asset.quick_brotli


def of_its_own(site):
    return [(page, each, values) for page, values in site.own.items() for each in languages()]


async def test_concurrent_requests_share_one_rendered_page():
    async with opened() as client:
        site, times = client._transport.app.state.pages, []

        def values(language):
            times.append(language)
            time.sleep(0.05)
            return {}

        made = await asyncio.gather(*(site.get("api_docs", "en", values, "test") for _ in range(5)))
    assert times == ["en"]
    assert len(set(made)) == 1


async def test_a_page_that_could_not_be_made_is_made_when_it_is_asked_for_again():
    async with opened() as client:
        site = client._transport.app.state.pages
        with pytest.raises(ZeroDivisionError):
            await site.get("api_docs", "en", lambda language: {"x": 1 / 0}, "test")
        assert await site.get("api_docs", "en", lambda language: {}, "test")


def test_a_further_application_reads_no_file_again():
    one, other = create_app(), create_app()
    assert one.state.shelf is other.state.shelf
    assert one.state.pages.assets is other.state.pages.assets


async def test_plotly_comes_out_of_the_installed_package(client):
    response = await client.get(Vendored().url("plotly.js"))
    assert response.headers["Content-Encoding"] in ("br", "gzip")
    assert "immutable" in response.headers["Cache-Control"]
    assert "plotly.js" in response.text[:200]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/0000/js/pages/lab.js",
        "/vendor/plotly-0.js",
        "/assets/{digest}/../../pyproject.toml",
    ],
)
async def test_an_unknown_path_is_not_found(client, path):
    digest = Assets(root() / "static").digest
    assert (await client.get(path.format(digest=digest))).status_code == 404


async def test_the_address_of_the_api_leads_to_its_page(client):
    found = await client.get("/api")
    assert (found.status_code, found.headers["Location"]) == (307, "docs")


async def test_the_page_holds_what_its_modules_need(client):
    html = (await client.get("/")).text
    match = re.search(r'<script type="application/json" id="config">(.*?)</script>', html, re.S)
    assert match
    config = json.loads(match[1])
    assert config["defaults"]["sequence"] == "the clouds are in the sky"
    assert config["catalog"]["control.sequence"] == "Sequence"


@pytest.mark.parametrize("path", ["/", "/train", "/lessons/unrolling"])
async def test_every_setting_that_an_address_can_set_has_a_control_on_the_page(client, path):
    page = (await client.get(path)).text
    config = json.loads(re.search(r'id="config">(.*?)</script>', page, re.S)[1])
    named = set(re.findall(r'<(?:input|select|textarea)\b[^>]*? name="(\w+)"', page, re.S))
    assert set(config["defaults"]) <= named


@pytest.mark.parametrize("path", ["/", "/train", "/lessons/backwards", "/lessons/own"])
@pytest.mark.parametrize("language", languages())
async def test_every_live_region_has_a_name(client, path, language):
    page = (await client.get(path, params={"lang": language})).text
    told = re.findall(r'<[^>]*role="status"[^>]*>', page)
    names = [re.search(r'aria-label="([^"]+)"', element) for element in told]
    assert told and all(names)
    of_charts = page.count('role="tabpanel"')  # one of them is shown
    assert len({name[1] for name in names}) == len(names) - max(0, of_charts - 1)


async def test_with_reload_a_changed_file_is_seen_without_a_restart(tmp_path, monkeypatch):
    import shutil

    for folder in ("static", "templates"):
        shutil.copytree(root() / folder, tmp_path / folder)
    monkeypatch.setattr("unrolled.app.web.site.root", lambda: tmp_path)
    async with opened(reload=True) as client:
        before = (await client.get("/")).text
        (tmp_path / "static/css/page.css").write_text("body {}")
        after = (await client.get("/")).text
        (url,) = re.findall(r'href="([^"]*page.css)"', after)
        assert before != after
        assert (await client.get(url)).text == "body {}"


@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {}, "en"),
        ("", {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-CN"),
        ("", {"Accept-Language": "fr-FR,zh-Hans;q=0.4,en;q=0.3"}, "zh-CN"),
        ("", {"Accept-Language": "de, en-GB;q=0.7, zh;q=0.2"}, "en"),
        ("", {"Accept-Language": "zh;q=nonsense, *"}, "en"),
        ("?lang=zh", {"Accept-Language": "en"}, "zh-CN"),
        ("?lang=en", {"Cookie": "unrolled_lang=zh-CN", "Accept-Language": "zh"}, "en"),
        ("", {"Cookie": "unrolled_lang=zh-CN", "Accept-Language": "en"}, "zh-CN"),
        ("?lang=tlh", {}, "en"),
    ],
)
async def test_a_page_is_in_the_language_that_was_named_chosen_or_preferred(
    client, query, headers, language
):
    other = {"en": "zh-CN", "zh-CN": "en"}[language]
    for path in PAGES:
        answer = await client.get(path + query, headers=headers)
        assert f'<html lang="{language}"' in answer.text
        assert "Accept-Language" in answer.headers["Vary"]
        assert f'href="?lang={other}" hreflang="{other}"' in answer.text


async def test_only_a_language_that_was_named_is_remembered(client):
    assert "unrolled_lang=zh-CN" in (await client.get("/?lang=zh")).headers["Set-Cookie"]
    for path in ("/", "/?lang=tlh"):
        assert "Set-Cookie" not in (await client.get(path)).headers


@pytest.mark.parametrize(
    ("query", "preferred", "language", "said"),
    [
        ("", "zh", "zh-CN", "前进一步"),
        ("&lang=zh-CN", "en", "zh-CN", "我看到的是什么？"),
        ("&lang=en", "zh", "en", "What am I looking at?"),
    ],
)
async def test_a_replay_is_in_the_language_that_was_named_or_preferred(
    client, query, preferred, language, said
):
    address = f"/api/export/html?cell=lstm&recurrent_scale=2{query}"
    answer = await client.get(address, headers={"Accept-Language": preferred})
    assert f'<html lang="{language}"' in answer.text
    assert said in answer.text


async def test_the_english_of_the_api_page_is_marked_as_english(client):
    docs = (await client.get("/docs?lang=zh-CN")).text
    assert '<main id="main" lang="en">' in docs
    assert "<title>unrolled：API 文档</title>" in docs


def test_templates_that_change_under_a_server_are_read_with_the_code_and_the_catalogs_alone():
    templates = environment()
    cached = {name for _, name in templates.cache}
    assert set(templates.list_templates()) <= cached
    assert not templates.auto_reload
    assert environment(reload=True).auto_reload


@pytest.mark.parametrize("path", ["/", "/train", "/lessons", "/lessons/why-memory", "/nowhere"])
async def test_a_page_asked_for_again_reads_nothing_from_the_disk(client, path):
    """A call of the system in the loop lets every computing thread go first."""
    asked = [(path, {"lang": each}, {"Accept-Language": each}) for each in languages()]
    for where, query, headers in asked:
        await client.get(where, params=query, headers=headers)
    with disk_reads() as found:
        for where, query, headers in asked:
            await client.get(where, params=query, headers=headers)
    assert not found


async def test_a_server_that_need_not_prepare_its_pages_renders_them_when_asked():
    async with opened(prepare=False) as client:
        pages = client._transport.app.state.pages
        assert not (pages._made or pages._tasks)
        assert (await client.get("/train")).status_code == 200
        assert len(pages._made) == 1


_reads: list[list[str]] = []


@cache
def _watched() -> None:
    def note(event: str, arguments: tuple[object, ...]) -> None:
        if _reads and event in {"open", "os.scandir", "os.listdir"}:
            _reads[-1].append(f"{event} {arguments[0]}")

    sys.addaudithook(note)


@contextmanager
def disk_reads() -> Iterator[list[str]]:
    """Yield the files and folders that this process opens within the block."""
    _watched()  # such a hook stays as long as the process
    _reads.append([])
    try:
        yield _reads[-1]
    finally:
        _reads.pop()


@pytest.mark.parametrize("path", ["/", "/lessons/own"])
async def test_every_group_of_tabs_is_reached_by_keyboard_before_a_script_runs(site, path):
    page = (await site.get(path)).text
    groups = re.findall(r'role="tablist".*?</div>', page, re.DOTALL)
    assert len(groups) > 1
    for group in groups:
        tabs = re.findall(r'<button[^>]*role="tab"[^>]*>', group)
        assert sum('tabindex="-1"' not in tab for tab in tabs) == 1
