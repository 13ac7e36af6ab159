"""Checks the Origin header: of this site, of an allowed host, or of another.

Browsers send the header. A request without one comes from a program, and is allowed.
"""

import json
import logging
import re
import time
from collections.abc import Callable
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Query, Request
from starlette.requests import HTTPConnection

from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings

MOST_LETTERS = 100
"""Letters of what was sent that are said in the log."""
_PORTS = {"http": ":80", "https": ":443"}
log = logging.getLogger("unrolled")

Base = Annotated[
    str, Query(description="The lab's address as the browser has it; that of the request.")
]


class Asked(NamedTuple):
    """The origin and the destination in a request's headers."""

    origin: str | None
    host: str | None
    """As forwarded by a trusted proxy, or else as received."""
    forwarded: str | None = None
    """The host of X-Forwarded-Host, also from an untrusted proxy."""
    peer: str = ""
    """The peer address of the connection, which may be a proxy's."""


def asked_by(connection: HTTPConnection) -> Asked:
    headers, client = connection.headers, connection.scope.get("client")
    return Asked(
        headers.get("origin"),
        headers.get("host"),
        headers.get("x-forwarded-host"),
        client[0] if client else "",
    )


def refusal(asked: Asked, settings: Settings) -> str | None:
    """Return why an origin is rejected and how to allow it, or None if it is allowed."""
    if asked.origin is None:
        return None
    scheme, host = _parts(asked.origin)
    if host and any(
        _is(allowed, scheme, host)
        for allowed in (asked.host, settings.public_address, *settings.origins)
    ):
        return None
    said = f"refused a page of {_said(asked.origin)}: this server was asked as {_said(asked.host)}"
    return f"{said}. {_remedy(asked, scheme, host)}"


def own_address(request: Request, base: str) -> str:
    """Return the address of the lab's root by which it was asked for.

    Raises ``MessageError`` if ``base``, which the browser sends, belongs to another lab.
    """
    if not base:
        return str(request.base_url)
    origin = re.fullmatch(r'(https?://[^/?#]+)(/[!"$->@-~]*)?', base)
    asked = asked_by(request)._replace(origin=origin[1] if origin else "")
    if refusal(asked, request.app.state.settings):
        raise MessageError("qr_elsewhere", value=ascii(base)[:60])
    return base


def _remedy(asked: Asked, scheme: str, host: str) -> str:
    if not host:
        return "A page in a sandboxed frame needs allow-same-origin."
    if asked.forwarded and _is(asked.forwarded, scheme, host):
        trusted = json.dumps([asked.peer or "*"])
        return f"If the proxy at {asked.peer} is yours, set UNROLLED_PROXIES='{trusted}'."
    named = json.dumps([host[:MOST_LETTERS]])
    return (
        "If the page is yours, let the proxy pass on the Host header, or set "
        f"UNROLLED_ORIGINS='{named}'."
    )


def _is(allowed: str | None, scheme: str, host: str) -> bool:
    """Return whether an origin is the allowed one; a host without a scheme allows any scheme."""
    if not allowed:
        return False
    if "://" in allowed:
        return _parts(allowed) == (scheme, host)
    return _parts(f"{scheme}://{allowed}")[1] == host


def _parts(origin: str) -> tuple[str, str]:
    """Return the scheme and the host of an origin, with its port unless that is the default.

    Both are empty for a scheme other than these.
    """
    try:
        scheme, host = urlsplit(origin.lower())[:2]
    except ValueError:
        return "", ""
    if scheme not in _PORTS:
        return "", ""
    return scheme, host.removesuffix(_PORTS[scheme])


def _said(text: str | None) -> str:
    return ascii(text[:MOST_LETTERS]) if text else "nothing"


class Sparing:
    """A rate-limited log for events that any client can cause: one line, with a count."""

    def __init__(self, say: Callable[[str], None] = log.warning, every: float = 60.0) -> None:
        self._say = say
        self._every = every
        self._next = -every
        self._unsaid = 0

    def __call__(self, line: str, now: float | None = None) -> None:
        now = time.monotonic() if now is None else now
        if now < self._next:
            self._unsaid += 1
            return
        more = f" ({self._unsaid} more since the last such line)" if self._unsaid else ""
        self._say(f"{line}{more}")
        self._next, self._unsaid = now + self._every, 0
