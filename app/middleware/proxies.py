"""Forwarded headers of trusted proxies: client, host and prefix."""

import json
import logging
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from unrolled.app.settings import PREFIX, Settings

TRUSTED = "unrolled.trusted"
"""What a request's scope says of one that a trusted proxy passed on."""
_MOST_UNNAMED = 8
"""Proxies that are spoken of in the log: any client can write what makes it look like one."""
log = logging.getLogger("unrolled")


class Proxied(ProxyHeadersMiddleware):
    """Middleware that applies the configured root path and the headers of trusted proxies.

    These are `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`. Without a trusted proxy they are
    ignored, because any client can send them.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(app, [str(each) for each in settings.proxies])  # type: ignore[arg-type]
        self.root_path = settings.root_path
        self._unnamed: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        if scope["type"] in ("http", "websocket"):
            scope["root_path"] = self.root_path
            peer = (scope["client"] or ("",))[0]
            if peer in self.trusted_hosts:
                scope[TRUSTED] = True
                _forward(scope)
            elif any(name == b"x-forwarded-for" for name, _ in scope["headers"]):
                self._not_named(peer)
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]

    def _not_named(self, peer: str) -> None:
        """Log once that headers of an untrusted proxy are ignored, and the consequence."""
        if peer in self._unnamed or len(self._unnamed) == _MOST_UNNAMED:
            return
        self._unnamed.add(peer)
        log.warning(
            "a proxy at %s passes requests on, and all that come through it count as one client: "
            "they share one client's part of the runs and trainings. If the proxy is yours, set "
            "UNROLLED_PROXIES='%s'.",
            peer,
            json.dumps([peer]),
        )


def _forward(scope: Scope) -> None:
    """Apply the forwarded host and prefix; of several headers, the last counts."""
    headers = MutableHeaders(scope=scope)
    hosts = ",".join(headers.getlist("x-forwarded-host"))
    if host := hosts.rpartition(",")[2].strip():
        headers["host"] = host
    prefix = headers.get("x-forwarded-prefix", "").rstrip("/")
    if prefix and not scope["root_path"] and re.fullmatch(PREFIX, prefix):
        scope["root_path"] = prefix
        scope["path"] = prefix + scope["path"]
        scope["raw_path"] = prefix.encode("latin-1") + scope["raw_path"]
