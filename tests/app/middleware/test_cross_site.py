"""Requests of pages of other origins, over a real uvicorn."""

import httpx
import pytest

from unrolled.app.main import create_app

POSTS = [
    path.replace("{name}", "spectrum")
    for path, methods in create_app().openapi()["paths"].items()
    if "post" in methods
]
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://elsewhere.example"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.school.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://elsewhere.example"},
    {"Origin": "null"},
]


def test_there_are_requests_that_take_work():
    assert {"/api/trace", "/api/stream", "/api/train", "/api/sweep", "/api/lesson"} < {*POSTS}


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_origin_is_refused_in_one_sentence(server, path, headers):
    headers = headers | {"Content-Type": "text/plain"}
    answer = httpx.post(server + path, content="{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign")
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", POSTS)
def test_our_own_pages_and_programs_are_answered(server, path):
    for headers in (
        {},
        {"Origin": server},
        {"Origin": server, "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://rewritten.example", "Sec-Fetch-Site": "same-origin"},
    ):
        assert httpx.post(server + path, content="[]", headers=headers).status_code == 422


def test_an_origin_that_the_operator_names_may_ask(serve):
    url = serve(origins=("class.example",))
    headers = {"Origin": "https://class.example", "Sec-Fetch-Site": "cross-site"}
    assert httpx.post(f"{url}/api/trace", content="{}", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("mode", "path", "status"),
    [
        ("no-cors", "/api/export/csv", 403),
        ("cors", "/api/figures", 403),
        ("navigate", "/api/export/csv", 200),
        ("navigate", "/", 200),
        ("no-cors", "/favicon.ico", 200),
    ],
)
def test_a_link_may_come_from_anywhere_but_what_a_page_loads_by_itself_may_not(
    server, mode, path, status
):
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode}
    assert httpx.get(server + path, headers=headers).status_code == status
