"""Error responses: a page for a person, JSON for a program."""

import asyncio
import logging
from typing import Any
from urllib import parse

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.app.addresses import ABOVE, HERE
from unrolled.app.errors import MessageError
from unrolled.app.i18n.negotiation import language_of, remembered
from unrolled.app.web.bodies import choices_of, refusal
from unrolled.app.web.site import pages
from unrolled.engine.validation import quote

log = logging.getLogger("unrolled")
_CODES = {404: "no_page", 405: "no_method"}


async def absent(request: Request, error: Any) -> Response:
    """Return the response to an ``HTTPException``, such as 404 or 405."""
    found: HTTPException = error
    code = _CODES.get(found.status_code, "internal")
    problem = MessageError(code, method=request.method, path=quote(_path(request)))
    response = await answer(request, problem)
    response.headers.update(found.headers or {})
    return response


async def misread(request: Request, error: Any) -> Response:
    """Return the response to an invalid query parameter."""
    found: RequestValidationError = error
    first = found.errors()[0]
    *_, name = first["loc"]
    if first["type"] == "missing":
        return await refusal(request, MessageError("parameter_missing", field=str(name)))
    choices, value = choices_of(first["ctx"]["pattern"]), quote(first["input"])
    problem = MessageError("parameter", field=str(name), choices=choices, value=value)
    return await refusal(request, problem)


class Failures:
    """Middleware that answers a failed request; the traceback is only in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except ClientDisconnect:
            log.debug("a client left before it had asked")
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            log.exception("a request failed")
            response = await answer(Request(scope), MessageError("internal"))
            await response(scope, receive, send)


async def answer(request: Request, problem: MessageError) -> Response:
    if not _person(request):
        return await refusal(request, problem)
    site, language = pages(request), language_of(request)
    up = _path(request).count("/") - 1
    page = await asyncio.to_thread(
        site.render, "failure", language, up * ABOVE or HERE, code=problem.code, path=_path(request)
    )
    status = (await refusal(request, problem)).status_code
    headers = {"Cache-Control": "no-store"}
    return remembered(request, Response(page.body, status, headers, page.media_type))


def _person(request: Request) -> bool:
    """Return whether a browser navigates to a page, so that a person reads the response."""
    wants = "text/html" in request.headers.get("accept", "")
    return wants and not _path(request).startswith("/api/")


def _path(request: Request) -> str:
    """Return the path of the request below the root of the lab."""
    path: str = request.scope["raw_path"].decode("latin-1")
    return path.removeprefix(parse.quote(request.scope["root_path"]))
