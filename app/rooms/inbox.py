"""The messages of one connection to a room, in their order."""

from collections import deque

from unrolled.app.errors import MessageError
from unrolled.app.rooms.messages import Drive, Message, parse_message
from unrolled.app.rooms.pace import Pace
from unrolled.app.runs.mailbox import Mailbox

_MOST_WAITING = 16


class Inbox(Mailbox[None]):
    """A bounded queue; moves that wait behind one another become one, of which the newest wins."""

    def __init__(self, most_a_second: int) -> None:
        super().__init__(self._keep)
        self._most, self._pace = most_a_second, Pace(most_a_second, 1)
        self._messages: deque[Message] = deque()

    def wake(self) -> None:
        """Tell that there is something to send."""
        self._arrived.set()

    def next(self) -> Message | None:
        """Take the oldest message."""
        return self._messages.popleft() if self._messages else None

    def _keep(self, text: str | None) -> None:
        if not self._pace.take():
            raise MessageError("room_hasty", limit=self._most)
        message = parse_message(text)
        last = self._messages[-1] if self._messages else None
        if isinstance(message, Drive) and isinstance(last, Drive):
            newer = {**message.given, "id": message.id, "strip": message.strip}
            if message.keys is not None:
                newer["keys"] = message.keys
            self._messages[-1] = last.model_copy(update=newer)
        elif len(self._messages) < _MOST_WAITING:
            self._messages.append(message)
        else:
            raise MessageError("room_hasty", message.id, limit=self._most)
