"""The rooms of this process: opened, found by their codes, and entered."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from unrolled.app.errors import MessageError
from unrolled.app.rooms.checks import student_name
from unrolled.app.rooms.live import Live, Watch
from unrolled.app.rooms.messages import Join
from unrolled.app.rooms.pace import Tries
from unrolled.app.rooms.runs import Compute
from unrolled.app.rooms.state import Question, RoomState, fresh, seconds_left
from unrolled.app.rooms.store import Entry, Store, Table, votes_table
from unrolled.app.rooms.tokens import (
    Identity,
    identity_of,
    new_code,
    new_student,
    read_code,
    token_of,
)
from unrolled.app.rooms.votes import Asked, asked_in, round_of
from unrolled.app.settings import Settings
from unrolled.engine.validation import quote

VISIT_SECONDS = 30.0
"""Seconds for which one message over HTTP keeps a room in use: more than the wait for news."""


class Rooms:
    def __init__(self, settings: Settings, store: Store, compute: Compute, watch: Watch) -> None:
        self.store = store
        self._settings, self._compute, self._watch = settings, compute, watch
        self.most_messages = settings.room_messages
        self._tries = Tries(settings.room_tries)
        self._live: dict[str, Live] = {}

    async def open(self, names: bool) -> tuple[str, str, RoomState]:
        """Open a room; return its code, the token of its teacher, and its state."""
        now = time.time()
        ends = now + self._settings.room_seconds
        state = fresh(names, round(1000 * now), round(1000 * ends))
        while not await self.store.begin(code := new_code(), state, self._settings.rooms):
            pass
        secret = await self.store.secret()
        return code, token_of(Identity(1, "", ""), code, state, secret), state

    async def find(self, text: str, client: str) -> tuple[str, Entry]:
        """Return the code and the newest state of a room.

        Raises ``MessageError`` without one, and for a client that has tried too many codes.
        """
        if self._tries.exhausted(client):
            raise MessageError("room_tries")
        if (code := read_code(text)) is None:
            raise MessageError("room_code", value=quote(text))
        live = self._live.get(code)
        known = Entry(live.seq, live.state) if live and not live.over else None
        entry = known or await self.store.newest(code)
        if entry is None or not seconds_left(entry.state):
            self._tries.wrong(client)
            raise MessageError("room_gone")
        return code, entry

    @asynccontextmanager
    async def entered(self, code: str, entry: Entry) -> AsyncIterator[Live]:
        """Yield a room, which this process follows as long as it is in use."""
        room = self._enter(code, entry)
        try:
            yield room
        finally:
            self._leave(room)

    def visited(self, code: str, entry: Entry) -> Live:
        """Return a room that someone asks over HTTP; it counts as in use for a while."""
        room = self._enter(code, entry)
        if room.visit:  # one for all who ask
            room.visit.cancel()
            room.users -= 1
        loop = asyncio.get_running_loop()
        room.visit = loop.call_later(VISIT_SECONDS, self._end_visit, room)
        return room

    def _end_visit(self, room: Live) -> None:
        room.visit = None
        self._leave(room)

    def _enter(self, code: str, entry: Entry) -> Live:
        if (room := self._live.get(code)) is None or room.over:
            limit = self._settings.room_bytes
            room = Live(code, entry, self.store, self._compute, self._watch, limit)
            self._live[code] = room
        room.users += 1
        return room

    def _leave(self, room: Live) -> None:
        room.users -= 1
        if not room.users:
            room.stop()
            if self._live.get(room.code) is room:
                del self._live[room.code]

    async def admit(self, room: Live, message: Join, client: str) -> Identity:
        """Return who joins a room; raises ``MessageError`` on who may not."""
        if message.join:
            return await self.known(room.code, room.state, message.join, client)
        if await room.students() >= (limit := self._settings.room_students):
            raise MessageError("room_full", limit=limit)
        return new_student(student_name(message.name) if room.state["names"] else "")

    async def known(self, code: str, state: RoomState, token: str, client: str) -> Identity:
        """Return whose a token is; raises ``MessageError`` if it is not of this room."""
        try:
            return identity_of(token, code, state, await self.store.secret())
        except MessageError:
            self._tries.wrong(client)
            raise

    async def asked(self, code: str, state: RoomState) -> list[Asked]:
        """Return the questions of a room, with the answers of their rounds."""
        kept = await self.store.read(code, "questions") | asked_in(state)
        questions: list[Question] = [json.loads(kept[number]) for number in sorted(kept, key=int)]
        return [(asked, await self._rounds(code, asked, state)) for asked in questions]

    async def _rounds(self, code: str, asked: Question, state: RoomState) -> list[Table]:
        """Return the answers to a question by round."""
        newest = state["question"] or asked
        last = newest["round"] if newest["number"] == asked["number"] else asked["round"]
        rounds = (round_of({**asked, "round": number}) for number in range(1, last + 1))
        return [await self.store.read(code, votes_table(round_)) for round_ in rounds]

    async def close(self) -> None:
        for room in self._live.values():
            room.stop()
        await self.store.close()
