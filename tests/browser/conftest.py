"""Drive the Chromium that this machine has.

A test of the layout chooses its letters: ``@pytest.mark.parametrize("letters", LETTERS)``, with
``LETTERS`` from ``tests.browser.letters``, runs it in a narrow and in a wide set of fonts. Its
``page``, ``context`` and ``browser`` are then of a browser that has these fonts alone. Other tests
run in what the machine has.

The contexts of pages are shared: see ``Lent``. A test that needs one of its own, of another colour
scheme for instance, asks ``browser`` for it.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import chromium
from tests.browser.lent import Lent
from tests.browser.letters import configuration

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
)
VISITED = "try { localStorage.setItem('unrolled.opening', '1') } catch {}"
"""For the pages of a browser that has been here: they do without the opening."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests and put them last: once Playwright has run, no async test can."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("browser")
    items.sort(key=lambda item: item.path.is_relative_to(here))


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
def lent() -> dict[Browser, Lent]:
    """The context that is shared in each browser."""
    return {}


@pytest.fixture
def context(
    browser: Browser, browser_context_args: dict[str, Any], server: str, lent: dict[Browser, Lent]
) -> Iterator[BrowserContext]:
    """A context like a new one."""
    if not (browser in lent and lent[browser].usable):
        lent[browser] = Lent(browser, browser_context_args, server)
        lent[browser].context.add_init_script(VISITED)
    yield lent[browser].context
    lent[browser].empty()
