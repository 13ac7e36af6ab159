"""Requests that change something, or take work, are for our own pages and for programs.

A page of any origin can have a browser send a plain POST, or load a picture, without asking the
server first. The browser says of either where it comes from; a program says nothing.
"""

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import refusal
from unrolled.app.web.origins import asked_by
from unrolled.app.web.origins import refusal as refused
from unrolled.engine.validation import quote

_READ = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")
"""What `Sec-Fetch-Site` says of our own pages, and of a person who opens an address."""


class OwnPages:
    """Refuses what a page of another origin asks for, but for pages to look at."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (line := foreign(request := Request(scope), self.settings)):
            scope["app"].state.refused(line)
            await (await refusal(request, MessageError("foreign")))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def foreign(request: Request, settings: Settings) -> str | None:
    """Return in one line why a request is refused, or None where it may come.

    A link of any site may be followed: the person then opens an address of ours.
    """
    site = request.headers.get("sec-fetch-site")
    if request.method in _READ:
        api = request.scope["path"].removeprefix(request.scope["root_path"]).startswith("/api/")
        visited = request.headers.get("sec-fetch-mode") == "navigate"
        if not api or site is None or visited:
            return None
    if site in _OWN:
        return None
    asked = asked_by(request)
    if asked.origin is None and site is not None:
        return f"refused {request.method} {quote(request.scope['path'])} to a page of another site"
    return refused(asked, settings)
