"""One context of the browser for many tests, which find it as if it were new."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Frame

from tests.browser import rest


class Lent:
    """A context that tests use one after the other, with nothing left in it of those before.

    A page of no use stays in it. With that, the process of the pages stays too, and has the
    scripts that it has compiled at hand for the next one.
    """

    def __init__(self, browser: Browser, arguments: dict[str, Any], server: str) -> None:
        self.context = browser.new_context(**arguments)
        self.usable = True
        self._origins: set[str] = set()
        self._staying = self.context.new_page()
        self._staying.goto(f"{server}/healthz")
        self._staying.on("crash", lambda _: self._spoil())
        self._session = self.context.new_cdp_session(self._staying)
        self.context.on("page", lambda page: page.on("framenavigated", self._note))

    def empty(self) -> None:
        """Close the pages, forget cookies, permissions, and what pages have stored."""
        if self.context in rest.held:
            self._spoil()
        if not self.usable:
            self.context.close()
            return
        for page in self.context.pages:
            if page is not self._staying:
                page.close()
        self.context.unroute_all()
        self.context.clear_cookies()
        self.context.clear_permissions()
        for origin in self._origins:
            self._session.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
            )
        self._origins.clear()

    def _note(self, frame: Frame) -> None:
        parts = urlsplit(frame.url)
        if parts.netloc:
            self._origins.add(f"{parts.scheme}://{parts.netloc}")

    def _spoil(self) -> None:
        self.usable = False
