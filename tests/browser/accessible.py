"""A page on which axe-core must find nothing."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_LOADED = Axe(axe_script="undefined")
# It need not describe every node that passes.
_OPTIONS = {"resultTypes": ["violations"]}


def assert_accessible(page: Page, part: str | None = None) -> None:
    """Fail with axe's report if the page, or the part of it, is not accessible.

    A page takes axe in once, however often it is looked at.
    """
    axe = _LOADED if page.evaluate("'axe' in window") else _AXE
    results = axe.run(page, context=part, options=_OPTIONS)
    assert results.violations_count == 0, results.generate_report()
