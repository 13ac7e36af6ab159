"""Rejects cross-site requests that change state or cost work.

A page of any origin can make a browser send a plain POST, or load an image, without a preflight
request. The browser names the origin in both cases; a program that is not a browser names none.
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
    """Middleware that rejects requests from pages of other origins, except navigation."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (line := foreign(request := Request(scope), self.settings)):
            scope["app"].state.refused(line)
            await (await refusal(request, MessageError("foreign")))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def foreign(request: Request, settings: Settings) -> str | None:
    """Return why a request is rejected, in one line, or None if it is allowed.

    Links from other sites are allowed.
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
