"""The API's description, in a browser without other hosts."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect


def test_the_api_is_described_without_a_network_and_without_a_complaint(
    page: Page, server: str
) -> None:
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda request: (
            heard.append(request.url)
            if urlsplit(request.url).netloc not in ("", urlsplit(server).netloc)
            else None
        ),
    )
    page.goto(f"{server}/docs")
    page.get_by_role("button", name="POST /api/trace").first.click()
    expect(page.get_by_text("many-to-one").first).to_be_visible()
    assert heard == []
