"""The lab in a frame of a course page, which is of another origin."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect


class Course(BaseHTTPRequestHandler):
    """Shows the address of its query in a frame."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        lab = self.path.partition("?")[2]
        self.wfile.write(f'<iframe src="{lab}" width="1000" height="700">'.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def course() -> Iterator[str]:
    """The origin of a course's site: the same machine by another name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Course)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.delivery
def test_a_course_page_that_the_operator_names_shows_the_lab(
    page: Page, serve: Callable[..., str], course: str
) -> None:
    lab = serve(frame_ancestors=("https://*.example", course))
    page.goto(f"{course}/week-3?{lab}/")
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-part=stage]")).to_have_attribute(
        "data-state", "done", timeout=20_000
    )
    frame.get_by_role("slider", name="Recurrent weight scale").fill("3")
    expect(frame.locator("[data-part=verdict]")).to_contain_text("explodes")


@pytest.mark.parametrize("origins", [(), ("http://localhost:1",)])
def test_no_other_page_does(
    page: Page, serve: Callable[..., str], course: str, origins: tuple[str, ...]
) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{course}/week-3?{serve(frame_ancestors=origins)}/")
    assert page.frame_locator("iframe").locator("[data-part=stage]").count() == 0
