"""The responses of a server that fails, over a real uvicorn."""

import re

import httpx
import pytest

from unrolled.app.i18n.catalog import catalog
from unrolled.app.web.site import Pages
from unrolled.engine.cells.gru import GRU

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nope", "/lessons/nope", "/lessons/nope/notes", "/a/b/c/d?e=f"])
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_missing_page_links_back_to_the_lab(server, path, language):
    answer = httpx.get(server + path, headers=PERSON | {"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Content-Security-Policy" in answer.headers
    assert f'<html lang="{language}"' in answer.text
    assert catalog(language)["failure.page"] in answer.text
    for address in re.findall(r'(?:href|src)="([^"?#]+)"', answer.text):
        found = answer.url.join(address)
        assert httpx.get(found, headers=PERSON).status_code == 200, address


def test_a_wrong_method_is_answered_by_a_page_that_names_the_right_ones(server):
    answer = httpx.post(f"{server}/lessons", headers=PERSON)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert catalog()["failure.method"] in answer.text


def test_the_address_in_a_failure_page_is_escaped(server):
    answer = httpx.get(f"{server}/<script>alert(1)</script>", headers=PERSON)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/nope", {}, 404, "no_page"),
        ("GET", "/api/nope", PERSON, 404, "no_page"),
        ("GET", "/assets/0/nope.js", {"Accept": "*/*"}, 404, "no_page"),
        ("DELETE", "/api/trace", PERSON, 405, "no_method"),
        ("GET", "/api/export/exe", {}, 422, "parameter"),
        ("GET", "/api/figures?theme=pink", {}, 422, "parameter"),
        ("GET", "/api/checkpoint", {}, 422, "parameter_missing"),
    ],
)
def test_a_program_gets_json(server, method, path, headers, status, code):
    answer = httpx.request(method, server + path, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert set(problem) == {"field", "code", "details", "message"}


def broken(*args, **fields):
    raise ZeroDivisionError("secret path")


def test_a_server_error_shows_no_traceback(serve, monkeypatch, caplog):
    url = serve()
    monkeypatch.setattr(GRU, "step", broken)
    answer = httpx.post(f"{url}/api/trace", json={"cell": "gru"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    monkeypatch.setattr(Pages, "get", broken)
    page = httpx.get(url, headers=PERSON)
    assert (page.status_code, catalog()["failure.server"] in page.text) == (500, True)
    for each in (answer, page):
        assert "secret" not in each.text
        assert "Content-Security-Policy" in each.headers
    own = [each.message for each in caplog.records if each.name == "unrolled"]
    assert own == ["a request failed"] * 2
