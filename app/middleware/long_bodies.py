"""Long responses, sent in pieces."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE = 2**18
"""Bytes of an answer that are sent at a time."""


class InPieces:
    """Middleware that sends a long body in pieces, each after the client has read the last.

    Otherwise the server would keep the whole body until the client has read all of it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def in_pieces(message: Message) -> None:
            body = memoryview(message.get("body", b""))
            last = max(0, len(body) - 1) // PIECE * PIECE
            for start in range(0, last, PIECE):
                piece = bytes(body[start : start + PIECE])
                await send({"type": message["type"], "body": piece, "more_body": True})
            await send({**message, "body": bytes(body[last:])} if body else message)

        await self.app(scope, receive, in_pieces if scope["type"] == "http" else send)
