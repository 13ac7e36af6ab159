"""WebSockets as uvicorn speaks them; what is no text is a client's fault, and one line."""

import logging
from contextlib import suppress

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

log = logging.getLogger("unrolled")


class QuietSocketProtocol(WebSocketsSansIOProtocol):
    """A connection that a text in no encoding closes, without a traceback."""

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            log.info("a message that is not UTF-8: %s", self.client)
            with suppress(InvalidState):  # it is closing as it is
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
