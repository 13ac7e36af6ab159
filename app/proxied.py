"""What the operator's proxies say of a request: who asked, by which host, and at which prefix."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.settings import PREFIX, Settings

TRUSTED = "unrolled.trusted"
"""What a request's scope says of one that a trusted proxy passed on."""


class Proxied(ProxyHeadersMiddleware):
    """Gives a request the root path that is set, and what a proxy that is trusted says of it.

    Those are `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`. Where no proxy is trusted they
    count for nothing: any client can send them.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app, [str(each) for each in settings.proxies])  # type: ignore[arg-type]
        self.root_path = settings.root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        if scope["type"] in ("http", "websocket"):
            scope["root_path"] = self.root_path
            if (scope["client"] or ("",))[0] in self.trusted_hosts:
                scope[TRUSTED] = True
                _forward(scope)
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]


def _forward(scope: Scope) -> None:
    """Take over the host, and the prefix that a proxy has cut off; of several, the last counts."""
    headers = MutableHeaders(scope=scope)
    hosts = ",".join(headers.getlist("x-forwarded-host"))
    if host := hosts.rpartition(",")[2].strip():
        headers["host"] = host
    prefix = headers.get("x-forwarded-prefix", "").rstrip("/")
    if prefix and not scope["root_path"] and re.fullmatch(PREFIX, prefix):
        scope["root_path"] = prefix
        scope["path"] = prefix + scope["path"]
        scope["raw_path"] = prefix.encode("latin-1") + scope["raw_path"]
