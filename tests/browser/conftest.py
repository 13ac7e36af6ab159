"""Drive the Chromium that this machine has.

A test of the layout chooses its letters: ``@pytest.mark.parametrize("letters", LETTERS)``, with
``LETTERS`` from ``tests.browser.letters``, runs it in a narrow and in a wide set of fonts. Its
``page``, ``context`` and ``browser`` are then of a browser that has these fonts alone. Other tests
run in what the machine has.

Pages and their contexts are used again: see ``Lent``. ``borrow`` has those of another kind, a
phone's for instance. A test whose page waits for timers uses ``clock``, and `at_rest`
lets them ring.
"""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser import chromium
from tests.browser.lent import Lent
from tests.browser.letters import configuration
from tests.conftest import Served

# A busy machine takes its time; a test that passes does not wait for it.
expect.set_options(timeout=15_000)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--in-process-gpu",
    "--num-raster-threads=1",
    "--process-per-site",
    # Requests for any other host fail, so that `complaints` hears of them.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
"""Context arguments of a phone."""
ELSEWHERE = {"locale": "en-GB"}
"""Context arguments of a browser in another language."""
VISITED = "try { localStorage.setItem('unrolled.opening', '1') } catch {}"
"""For the pages of a browser that has been here: they do without the opening."""


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark the browser tests and put them last: once Playwright has run, no async test can.

    Of a test that is made for several values ``make test`` has the first alone, and none of a test
    that chooses its letters. The files with the most tests come first, so that no worker is left
    with a long one.
    """
    here = Path(__file__).parent
    had: set[tuple[Path, str]] = set()
    for item in items:
        if not (isinstance(item, pytest.Function) and item.path.is_relative_to(here)):
            continue
        item.add_marker("browser")
        test = (item.path, item.originalname)
        if test in had or (hasattr(item, "callspec") and "letters" in item.callspec.params):
            item.add_marker("layout")
        had.add(test)
    yield  # pytest brings together what shares a fixture
    tests = Counter(item.path for item in items if item.path.is_relative_to(here))
    files = sorted(tests, key=lambda path: (-tests[path], path))
    items.sort(key=lambda item: files.index(item.path) if item.path in tests else -1)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's browser, quietly."""
    executable = chromium.find()
    if executable is None:
        pytest.fail(chromium.HELP, pytrace=False)
    return {**browser_type_launch_args, "executable_path": executable, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Spare the tests the pictures' movement, but for those that are about it."""
    return {**browser_context_args, "reduced_motion": "reduce", "locale": "en-US"}


@pytest.fixture
def letters() -> str | None:
    """The name of the set of fonts that the browser has; ``None`` is for the machine's own."""
    return None


@pytest.fixture(scope="session")
def browsers(
    launch_browser: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str | None], Browser]]:
    """Return the browser that has a set of fonts, launched once."""
    launched: list[Browser] = []

    @cache
    def browser_with(letters: str | None) -> Browser:
        environment = dict(os.environ)
        if letters:
            config = configuration(letters, tmp_path_factory.mktemp(letters))
            environment["FONTCONFIG_FILE"] = str(config)
        launched.append(launch_browser(env=environment))
        return launched[-1]

    yield browser_with
    for browser in launched:
        browser.close()


@pytest.fixture
def browser(browsers: Callable[[str | None], Browser], letters: str | None) -> Browser:
    """The browser of a test, with the letters that the test chooses."""
    return browsers(letters)


@pytest.fixture(scope="session")
def lent() -> dict[str, Lent]:
    """The contexts that are shared, by their kind."""
    return {}


@pytest.fixture
def clock() -> None:
    """The timers of the ``page`` ring when the test says."""


@pytest.fixture
def borrow(
    browser: Browser,
    letters: str | None,
    browser_context_args: dict[str, Any],
    server: str,
    lent: dict[str, Lent],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Page]]:
    """Return a page like a new one, of a context with some arguments.

    ``clock`` holds its timers, and ``visited`` says whether its browser has been here.
    """
    borrowed: dict[str, Lent] = {}

    def borrow(
        *, clock: bool = "clock" in request.fixturenames, visited: bool = True, **arguments: Any
    ) -> Page:
        kind = repr((letters, clock, visited, sorted(arguments.items())))
        if not (kind in lent and lent[kind].usable):
            script = VISITED if visited else ""
            options = browser_context_args | arguments
            lent[kind] = Lent(browser, server, options, script=script, clock=clock)
        borrowed[kind] = lent[kind]
        return lent[kind].page()

    yield borrow
    for each in borrowed.values():
        each.empty()


@pytest.fixture
def page(borrow: Callable[..., Page]) -> Page:
    """A page like a new one."""
    return borrow()


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if other devices could reach the server."""
    from unrolled.app.web import qr

    monkeypatch.setattr(qr, "is_loopback", lambda host: False)


@pytest.fixture
def context(page: Page) -> BrowserContext:
    """The context of the test's page."""
    return page.context


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """The messages of the console and the other hosts asked: none, at the end of each test."""
    heard = listened(page)
    yield heard
    assert heard == []


def listened(page: Page) -> list[str]:
    """Return the list that takes a page's messages, errors and requests for other hosts.

    Each event of a request costs much. Requests that fail are few, and those for others do.
    """
    heard: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc not in ("", *Served.hosts):
            heard.append(f"asked {request.url}")

    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("requestfailed", note)
    return heard
