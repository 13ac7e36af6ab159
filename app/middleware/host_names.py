"""Rejects requests whose Host header names another server.

A malicious page can let its own name resolve to this machine (DNS rebinding): the browser then
treats the lab as a part of that page. It cannot do so with an IP address, or with a name that no
public name server resolves.
"""

import ipaddress
import socket
from functools import cache, lru_cache
from urllib.parse import urlsplit

from fastapi import Request, WebSocket
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from unrolled.app.errors import MessageError
from unrolled.app.middleware.proxies import TRUSTED
from unrolled.app.settings import Settings
from unrolled.app.web.bodies import refusal, refuse_socket
from unrolled.engine.validation import quote

_LOCAL = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
"""Endings of names that only a machine or a network of one's own gives."""


class KnownHosts:
    """Middleware that rejects requests for an unknown host name."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host") if "headers" in scope else None
        if host is None or scope.get(TRUSTED) or known(host, self.settings):
            await self.app(scope, receive, send)
            return
        named = quote(name_of(host))[1:-1]
        scope["app"].state.refused(
            f"refused a request for the host {named}. If it is a name of this server, set "
            f"UNROLLED_HOSTS='[\"{named}\"]'."
        )
        error = MessageError("host", host=named)
        if scope["type"] == "websocket":
            await refuse_socket(WebSocket(scope, receive, send), error)
            return
        response = await refusal(Request(scope), error)
        await response(scope, receive, send)


@lru_cache(maxsize=256)
def known(host: str, settings: Settings) -> bool:
    """Return whether a Host header is an IP address or a name of this server."""
    name = name_of(host)
    if "." not in name or name.endswith(_LOCAL) or name == _own_name() or _is_address(name):
        return True
    public = (settings.public_address, *settings.origins)
    named = (urlsplit(each).hostname or name_of(each) for each in public if each)
    return name in {*named, *(each.lower() for each in settings.hosts)}


def name_of(host: str) -> str:
    """Return a Host header without its port, in lower case.

    >>> name_of("School.example:8000"), name_of("[::1]:8000")
    ('school.example', '::1')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


@cache
def _own_name() -> str:
    return socket.gethostname().lower()
