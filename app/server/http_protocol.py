"""uvicorn's HTTP protocol with bounds on the size and the duration of a request.

uvicorn bounds neither the size of headers and URLs nor the time to send them, and keeps reading
while requests wait for an answer. A well-behaved client notices no difference.
"""

import asyncio
import logging

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from unrolled.app.middleware.security_headers import HEADERS
from unrolled.app.settings import UNREAD_SECONDS

MOST_HEAD_BYTES = 65_536
"""Bytes of an address and its headers, at most: the cookies of every other server on this machine
come along, so this is some times what a browser usually sends."""
REQUEST_SECONDS = 30.0
"""Seconds in which a request must have come whole."""
LINGER_SECONDS = 2.0
"""Seconds in which a client that is still sending may find out that it was refused."""
_PIECE = 16_384
_STATUS = {
    408: ("408 Request Timeout", "The request did not come whole in time."),
    431: (
        "431 Request Header Fields Too Large",
        "The address and the headers are too long. Delete the cookies of this host.",
    ),
}
log = logging.getLogger("unrolled")


class BoundedHttpProtocol(HttpToolsProtocol):
    """A connection whose requests are bounded in size and time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._in_head, self._ended, self._refused = True, False, False
        self._head = 0
        self._deadline: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_is_whole()
        self._reads_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser in pieces, so that the bytes of a head are counted.

        A head that starts behind another request is counted from the next piece on.
        """
        while data and not self._refused and not self.transport.is_closing():
            size = min(_PIECE, MOST_HEAD_BYTES - self._head)
            piece, data = data[:size], data[size:]
            self._ended = False
            super().data_received(piece)
            if self.transport.get_protocol() is not self:
                self._request_is_whole()  # a WebSocket from here on
                return
            if self._in_head and not self._ended:
                self._head += len(piece)
                if self._head >= MOST_HEAD_BYTES:
                    self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._expect_request()

    def on_headers_complete(self) -> None:
        self._in_head, self._head = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = self._ended = True
        self._request_is_whole()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Resume reading once every received request is answered."""
        super().on_response_complete()
        if self.pipeline:
            self.flow.pause_reading()

    def shutdown(self) -> None:
        """Close the connection, after the answer that is awaited; one that waits for news ends."""
        super().shutdown()
        if self.cycle is not None:
            self.cycle.message_event.set()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._reads_on()
        self._stalled = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._reads_on()
        super().resume_writing()

    def _expect_request(self) -> None:
        self._request_is_whole()
        self._deadline = self.loop.call_later(REQUEST_SECONDS, self._too_late)

    def _too_late(self) -> None:
        if self.flow.read_paused:  # the server does not read
            self._expect_request()
        else:
            self._refuse(408)

    def _request_is_whole(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _reads_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _refuse(self, status: int) -> None:
        """Send an error status once, stop reading, and close after a delay.

        Closing a connection while bytes arrive would reset it and lose the response.
        """
        self._request_is_whole()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        if self.cycle is not None and not self.cycle.response_complete and self._in_head:
            self.transport.abort()  # while an earlier request is being answered
            return
        if not self._in_head and self.cycle.response_started:
            self.transport.close()  # answered before it had come
            return
        phrase, text = _STATUS[status]
        log.info("%s: %s", phrase, self.client)
        self._say(phrase, text)
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self._close)

    def send_400_response(self, msg: str) -> None:
        self._say("400 Bad Request", msg)
        self.transport.close()

    def _say(self, phrase: str, text: str) -> None:
        """Write a response without the application, with the usual headers."""
        headers = HEADERS | {
            "Cache-Control": "no-store",
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(text)),
            "Connection": "close",
        }
        lines = (f"HTTP/1.1 {phrase}", *(f"{name}: {value}" for name, value in headers.items()))
        self.transport.write("\r\n".join((*lines, "", text)).encode("ascii"))

    def timeout_keep_alive_handler(self) -> None:
        self._close()

    def _close(self) -> None:
        """Close after sending what is buffered, or after a timeout."""
        self.transport.close()
        self.loop.call_later(UNREAD_SECONDS, self.transport.abort)
