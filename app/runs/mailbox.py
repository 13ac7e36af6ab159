"""A queue of one message between a socket and the thread that answers."""

import asyncio


class Mailbox:
    """A thread-safe queue that keeps only the newest message."""

    def __init__(self) -> None:
        self.open = True
        self._newest: tuple[int, str | None] = (0, None)
        self._taken = 0
        self._arrived = asyncio.Event()

    @property
    def fresh(self) -> bool:
        """Whether a message is waiting."""
        return self._newest[0] != self._taken

    def put(self, message: str | None) -> None:
        self._newest = (self._newest[0] + 1, message)
        self._arrived.set()

    def take(self) -> str | None:
        self._taken, message = self._newest
        return message

    def close(self) -> None:
        self.open = False
        self._arrived.set()

    async def wait(self) -> None:
        """Wait for a message, or for the end of the connection."""
        await self._arrived.wait()
        self._arrived.clear()
