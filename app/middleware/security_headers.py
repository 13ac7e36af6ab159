"""Headers that every answer carries."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Plotly makes one empty style element and one with MapLibre's rules, and sets style attributes;
# Swagger UI draws with data: images. Nothing runs that is not a file of ours.
_PLOTLY_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
)
POLICY = "; ".join(
    (
        "default-src 'self'",
        f"style-src 'self' {' '.join(_PLOTLY_STYLES)}",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",  # the last: further ones are set
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeaders:
    """Adds the headers to every answer, that to a socket which does not open among them.

    ``frames`` are the origins whose pages may show ours in a frame, beside our own.
    """

    def __init__(self, app: ASGIApp, frames: Sequence[str] = ()) -> None:
        self.app = app
        headers = HEADERS | {"Content-Security-Policy": " ".join((POLICY, *frames))}
        self.headers = Headers(headers).raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opened = "websocket.http.response" not in scope.get("extensions", {})

        async def guarded(message: Message) -> None:
            nonlocal opened
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.headers]
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            opened = opened or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not opened:
                start, body = "websocket.http.response.start", "websocket.http.response.body"
                headers = [*self.headers, (b"cache-control", b"no-store")]
                await send({"type": start, "status": 403, "headers": headers})
                message = {"type": body, "body": b""}
            await send(message)

        await self.app(scope, receive, guarded)
