"""A queue of one message between a socket and the thread that answers."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from unrolled.app.errors import MessageError

_MOST_PROBLEMS = 8

Message = TypeVar("Message")


class Mailbox(Generic[Message]):
    """A thread-safe queue that keeps only the newest message, and what is wrong with others."""

    def __init__(self, read: Callable[[str | None], Message]) -> None:
        self.open = True
        self._read = read
        """Reads a text; raises ``MessageError`` on one that is no message."""
        self._newest: tuple[int, Message | None] = (0, None)
        self._taken = 0
        self._problems: deque[MessageError] = deque(maxlen=_MOST_PROBLEMS)
        self._arrived = asyncio.Event()

    @property
    def fresh(self) -> Message | None:
        """The message that is waiting, if one is."""
        number, message = self._newest
        return message if number != self._taken else None

    def put(self, text: str | None) -> None:
        try:
            self._newest = (self._newest[0] + 1, self._read(text))
        except MessageError as problem:
            self.refuse(problem)
        self._arrived.set()

    def refuse(self, problem: MessageError) -> None:
        self._problems.append(problem)
        self._arrived.set()

    def problems(self) -> list[MessageError]:
        """Return the errors in the messages since the last call."""
        if not self._problems:
            return []
        found = [*self._problems]
        self._problems.clear()
        return found

    def take(self) -> Message | None:
        self._taken, message = self._newest
        return message

    def drop(self, message: Message) -> None:
        """Take a message, unless a newer one has come."""
        number, newest = self._newest
        if newest is message:
            self._taken = number

    def close(self) -> None:
        self.open = False
        self._arrived.set()

    async def wait(self) -> None:
        """Wait for a message, or for the end of the connection."""
        await self._arrived.wait()
        self._arrived.clear()
