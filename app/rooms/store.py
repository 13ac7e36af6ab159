"""Where the rooms are kept: in this process, unless they are shared through Redis.

A room is one state with a number, and tables of texts beside it: the questions, the answers of each
round, the offers, and how many students each process serves.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from unrolled.app.errors import MessageError
from unrolled.app.rooms.state import RoomState

Table = dict[str, str]


class Entry(NamedTuple):
    """A state, and its number: each has the number after that of the one before."""

    seq: int
    state: RoomState


class Store(Protocol):
    async def secret(self) -> str:
        """Return what tokens are signed with."""

    async def begin(self, code: str, state: RoomState, most: int) -> bool:
        """Keep a new room; return whether the code was free.

        Raises ``MessageError`` where there are as many rooms as there may be.
        """

    async def newest(self, code: str) -> Entry | None:
        """Return the newest state of a room; None without one."""

    async def put(self, code: str, entry: Entry) -> bool:
        """Put a state after the one before it; return whether no other was put there first."""

    def changes(self, code: str, after: int) -> AsyncIterator[Entry]:
        """Yield the newest state whenever there is one with a higher number."""

    async def vote(self, code: str, round_: str, student: str, answer: str) -> bool:
        """Keep a student's answer in place of the last; return whether the round was open."""

    async def close_round(self, code: str, round_: str) -> None:
        """Take no more answers in a round."""

    async def read(self, code: str, table: str) -> Table:
        """Return a table; empty without one."""

    async def write(self, code: str, table: str, entries: Mapping[str, str]) -> None:
        """Put entries into a table, in place of those of the same name."""

    async def erase(self, code: str, table: str, name: str) -> None:
        """Take an entry out of a table."""

    async def end(self, code: str) -> None:
        """Delete a room and all that belongs to it."""

    async def close(self) -> None:
        """Let go of connections."""


def votes_table(round_: str) -> str:
    """Return the name of the table with the answers of a round."""
    return f"votes {round_}"


@dataclass
class _Kept:
    """A room in memory."""

    entry: Entry
    end: asyncio.TimerHandle
    """Deletes the room when its time is over."""
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the next state comes; then another takes its place."""
    tables: dict[str, Table] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)


class EmbeddedStore:
    """Rooms in the memory of this process."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(32)
        self._rooms: dict[str, _Kept] = {}

    async def secret(self) -> str:
        return self._secret

    async def begin(self, code: str, state: RoomState, most: int) -> bool:
        if len(self._rooms) >= most:
            raise MessageError("rooms_full", limit=most)
        if code in self._rooms:
            return False
        seconds, loop = state["ends"] / 1000 - time.time(), asyncio.get_running_loop()
        end = loop.call_later(seconds, self._rooms.pop, code, None)
        self._rooms[code] = _Kept(Entry(1, state), end)
        return True

    async def newest(self, code: str) -> Entry | None:
        return self._rooms[code].entry if code in self._rooms else None

    async def put(self, code: str, entry: Entry) -> bool:
        kept = self._rooms.get(code)
        if kept is None or kept.entry.seq != entry.seq - 1:
            return False
        kept.entry, moved = entry, kept.moved
        kept.moved = asyncio.Event()
        moved.set()
        return True

    async def changes(self, code: str, after: int) -> AsyncIterator[Entry]:
        kept = self._rooms.get(code)
        while kept is not None:
            moved = kept.moved
            if kept.entry.seq > after:
                after = kept.entry.seq
                yield kept.entry
            else:
                await moved.wait()

    async def vote(self, code: str, round_: str, student: str, answer: str) -> bool:
        kept = self._rooms.get(code)
        if kept is None or round_ in kept.closed:
            return False
        kept.tables.setdefault(votes_table(round_), {})[student] = answer
        return True

    async def close_round(self, code: str, round_: str) -> None:
        if code in self._rooms:
            self._rooms[code].closed.add(round_)

    async def read(self, code: str, table: str) -> Table:
        return dict(self._rooms[code].tables.get(table, {})) if code in self._rooms else {}

    async def write(self, code: str, table: str, entries: Mapping[str, str]) -> None:
        if code in self._rooms:
            self._rooms[code].tables.setdefault(table, {}).update(entries)

    async def erase(self, code: str, table: str, name: str) -> None:
        if code in self._rooms:
            self._rooms[code].tables.get(table, {}).pop(name, None)

    async def end(self, code: str) -> None:
        if kept := self._rooms.pop(code, None):
            kept.end.cancel()

    async def close(self) -> None:
        for code in [*self._rooms]:
            await self.end(code)
