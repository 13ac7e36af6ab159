"""uvicorn's WebSocket protocol, with one log line for a message that is not valid UTF-8."""

import logging
from contextlib import suppress

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

log = logging.getLogger("unrolled")


class QuietSocketProtocol(WebSocketsSansIOProtocol):
    """A connection that closes on invalid UTF-8 without a traceback."""

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
