"""Pages of the browser that many tests use, each of which finds its page as if it were new.

A new page asks for every script again, and a new context compiles every script again too. That
costs more than most tests do.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Error, Frame, Page

from tests.browser.rest import hold_clock

_LASTING = ("add_init_script", "expose_binding", "expose_function", "route_web_socket")
"""What is done to a page for as long as it is there: one that it was done to is not lent again."""


class Lent:
    """A context whose pages tests use one after the other, with nothing left of those before.

    A page of no use stays in it. With that, the process of the pages stays too, and has the
    scripts that it has compiled at hand for the next one.
    """

    def __init__(
        self,
        browser: Browser,
        server: str,
        arguments: dict[str, Any],
        *,
        script: str = "",
        clock: bool = False,
    ) -> None:
        """Make the context. ``script`` runs first on every page; ``clock`` holds their timers."""
        self.context = browser.new_context(**arguments)
        self.context.add_init_script(script)
        self._clock = clock
        if clock:
            hold_clock(self.context)
        self.usable = True
        self._home = f"{server}/healthz"
        self._media = {
            "color_scheme": arguments.get("color_scheme", "light"),
            "reduced_motion": arguments.get("reduced_motion", "no-preference"),
        }
        self._origins: set[str] = set()
        self._staying = self.context.new_page()
        self._staying.goto(self._home)
        self._staying.on("crash", lambda _: self._spoil())
        self._attach = self.context.new_cdp_session
        self._session = self._attach(self._staying)
        self.context.new_cdp_session = self._attached  # type: ignore[method-assign]
        self.context.on("page", lambda page: page.on("framenavigated", self._note))
        self._kept: list[_Kept] = []

    def page(self) -> Page:
        """Lend a page: one that was there before, if there is one."""
        free = next((each for each in self._kept if not each.taken), None)
        if free is None:
            page = self.context.new_page()
            free = _Kept(page, self._attach(page))
            self._kept.append(free)
        free.taken = True
        return free.page

    def empty(self) -> None:
        """Take the pages back. Forget cookies, permissions, and what pages have stored."""
        if not self.usable:
            self.context.close()
            return
        for page in self.context.pages:
            if page is not self._staying and all(page is not each.page for each in self._kept):
                page.close()
        self.context.set_offline(False)
        self.context.unroute_all()
        if self._clock:
            self.context.clock.resume()
        here = {self._origin(self._home)}
        for each in [each for each in self._kept if each.taken]:
            if not (self._origins <= here and each.put_back(self._home, self._media)):
                each.page.close()
                self._kept.remove(each)
        self.context.clear_cookies()
        self.context.clear_permissions()
        for origin in self._origins:
            self._session.send(
                "Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"}
            )
        self._origins.clear()

    def _attached(self, page: Page | Frame) -> CDPSession:
        for each in self._kept:
            if each.page is page:
                each.spoil()
        return self._attach(page)

    def _note(self, frame: Frame) -> None:
        if origin := self._origin(frame.url):
            self._origins.add(origin)

    @staticmethod
    def _origin(url: str) -> str:
        parts = urlsplit(url)
        return (
            f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https", "file") else ""
        )

    def _spoil(self) -> None:
        self.usable = False


class _Kept:
    """A page that is lent again, if nothing was done to it that lasts."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self.page = page
        self.taken = False
        self._usable = True
        self._size = page.viewport_size
        self._session = session
        self._heard: list[tuple[Any, Any]] = []
        page.on("crash", lambda _: self.spoil())
        self._listen = page.on
        page.on = self._on  # type: ignore[method-assign, assignment]
        for name in _LASTING:
            setattr(page, name, self._spoiling(getattr(page, name)))

    def put_back(self, home: str, media: dict[str, Any]) -> bool:
        """Make it as it was; tell whether that could be done."""
        page = self.page
        if not self._usable or page.is_closed():
            return False
        try:
            for event, listener in self._heard:
                page.remove_listener(event, listener)
            self._heard.clear()
            page.unroute_all()
            if page.viewport_size != self._size:
                page.set_viewport_size(self._size)
            page.emulate_media(media="null", forced_colors="none", **media)
            page.mouse.move(-1, -1)
            page.goto(home)
            page.evaluate("() => { sessionStorage.clear(); window.name = ''; }")
            self._session.send("Page.resetNavigationHistory")
        except Error:
            return False
        self.taken = False
        return True

    def _on(self, event: Any, listener: Any) -> None:
        self._heard.append((event, listener))
        self._listen(event, listener)

    def _spoiling(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def spoiling(*arguments: Any, **named: Any) -> Any:
            self.spoil()
            return act(*arguments, **named)

        return spoiling

    def spoil(self) -> None:
        self._usable = False
