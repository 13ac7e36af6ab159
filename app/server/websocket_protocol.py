"""uvicorn's WebSocket protocol, with an end for a client that reads nothing.

A message that is not valid UTF-8 has one line in the log.
"""

import asyncio
import logging
from contextlib import suppress

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

from unrolled.app.settings import UNREAD_SECONDS

log = logging.getLogger("unrolled")


class QuietSocketProtocol(WebSocketsSansIOProtocol):
    """A connection that closes on invalid UTF-8, and on a client that reads nothing for too long.

    The time is watched here, and not in each send: only while a client is behind is there a timer.
    """

    _stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._reads_on()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._reads_on()
        super().connection_lost(exc)

    def _reads_on(self) -> None:
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            log.info("a message that is not UTF-8: %s", self.client)
            with suppress(InvalidState):  # already closing
                self.conn.send_close(1007)
                self.handle_parser_exception()
            return
        super().send_receive_event_to_app()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
