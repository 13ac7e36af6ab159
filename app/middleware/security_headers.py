"""Security headers of every response."""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from unrolled.app.errors import MessageError
from unrolled.app.web.bodies import refusal
from unrolled.engine.validation import quote

# Plotly adds two style elements, one empty and one with MapLibre's rules, and sets style
# attributes; Swagger UI draws with data: images. Scripts come only from files of this server.
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
        "frame-ancestors 'self'",  # last, because more origins are appended
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
    """Middleware that adds the headers to every response, also to a rejected WebSocket.

    A socket that no route accepts is answered like a page that does not exist.

    ``frames`` are the other origins whose pages may embed this site in a frame.
    """

    def __init__(self, app: ASGIApp, frames: Sequence[str] = ()) -> None:
        self.app = app
        headers = HEADERS | {"Content-Security-Policy": " ".join((POLICY, *frames))}
        self.headers = Headers(headers).raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        opened = "websocket.http.response" not in scope.get("extensions", {})

        async def guarded(message: Message) -> None:
            nonlocal opened
            if message["type"] == "websocket.send":
                await send(message)
                return
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                opened = True
                message["headers"] = [*message["headers"], *self.headers]
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            opened = opened or message["type"] == "websocket.accept"
            if message["type"] == "websocket.close" and not opened:
                error = MessageError("no_page", path=quote(scope["path"])[1:-1])
                answer = await refusal(WebSocket(scope, receive, send), error)
                await answer(scope, receive, guarded)
                return
            await send(message)

        await self.app(scope, receive, guarded)
