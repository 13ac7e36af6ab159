"""The processes of a lab that train, each with a socket by which the others reach its runs.

The name and the key of a run end in the number of the process that has it. The sockets are in the
folder that the processes share, and are open to this user alone.
"""

import logging
import re
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from websockets.asyncio.client import connect, unix_connect
from websockets.asyncio.server import Server, ServerConnection, unix_serve

DIGITS = 8
"""Of the number of a process."""
CLIENT = "Unrolled-Client"
"""The header with the address of the client for whom another process asks."""
SOCKET = ".socket"
_NUMBER = re.compile(f"[0-9a-f]{{{DIGITS}}}")
log = logging.getLogger("unrolled")


class Processes:
    """The processes that share a folder; this one is alone without it, or without such sockets."""

    def __init__(self, folder: Path | None, most_bytes: int) -> None:
        self._folder = folder if hasattr(socket, "AF_UNIX") else None
        self._most_bytes = most_bytes
        self.own = secrets.token_hex(DIGITS // 2) if self._folder else ""
        """The number of this process; empty where it is alone."""
        self._server: Server | None = None

    def have(self, name: str) -> bool:
        """Return whether the run of a name, or of a key, is another process's."""
        number = name[-DIGITS:]
        if self._folder is None or number == self.own or not _NUMBER.fullmatch(number):
            return False
        return self._path(number).exists()

    async def serve(self, answer: Callable[[ServerConnection], Awaitable[None]]) -> None:
        """Let the others reach the runs of this process."""
        if self._folder is None:
            return
        path = self._path(self.own)
        try:
            self._server = await unix_serve(
                answer, str(path), compression=None, max_size=self._most_bytes
            )
            path.chmod(0o600)
        except OSError as error:
            log.warning("other processes do not reach the trainings of this one: %s", error)

    def reach(self, name: str, way: str, client: str = "") -> connect:
        """Return a connection to the process that has a run; ``client`` asks for it."""
        path = str(self._path(name[-DIGITS:]))
        headers = {CLIENT: client} if client else None
        return unix_connect(
            path, f"ws://lab/{way}", additional_headers=headers, compression=None, max_size=None
        )

    async def close(self) -> None:
        if self._server:
            self._server.close()
            self._path(self.own).unlink(missing_ok=True)

    def _path(self, number: str) -> Path:
        assert self._folder
        return self._folder / f"{number}{SOCKET}"
