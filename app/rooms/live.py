"""A room as one process serves it: the newest state, those who follow it, and the run it shows."""

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, cast

import numpy as np
from pydantic_core import to_json

from unrolled.app.errors import MessageError
from unrolled.app.rooms.frames import Moved
from unrolled.app.rooms.pace import Pace
from unrolled.app.rooms.runs import (
    Beside,
    Compute,
    SharedRun,
    Wanted,
    frames_or_problem,
    wanted_by,
)
from unrolled.app.rooms.state import RoomState, difference, seconds_left, with_changes
from unrolled.app.rooms.store import Entry, Store, votes_table
from unrolled.app.rooms.tokens import Identity
from unrolled.app.rooms.votes import round_of
from unrolled.app.runs.frames import Error
from unrolled.app.training.watched import WATCH_SECONDS, Watched

TICK_SECONDS = 0.2
"""Seconds between two looks at who is there and how many have answered."""
STAY_SECONDS = 5.0
"""Seconds for which one who asks over HTTP counts after each message; a wait for news renews it."""
MOST_TRAININGS = 3
"""Networks that a class watches, at most."""
MOST_STATES = 64
"""States that are kept: those of 3 s of a drag."""
TOLD_SECONDS, STALE_SECONDS = 1.0, 5.0
"""Seconds after which a process tells its students again, and after which they do not count."""
Watch = Callable[[str], Watched | None]
"""Returns the training of a name, which another process may have."""


class Live:
    """A room in this process; ``follow`` keeps it in step with the store."""

    def __init__(
        self, code: str, entry: Entry, store: Store, compute: Compute, watch: Watch, most_bytes: int
    ) -> None:
        self.code = code
        self.seq, self.state = entry
        self._states = {self.seq: self.state}
        """By their numbers the newest, for those who ask over HTTP what has moved since."""
        self.run: SharedRun | None = None
        self.beside = Beside(compute)
        self.trainings: dict[str, Watched] = {}
        """By their names, of a class that trains."""
        self.attendance: dict[str, Any] = {"students": 0, "answers": 0, "offers": []}
        self.members: dict[object, tuple[str, Callable[[], None]]] = {}
        """By connection its student, empty of a teacher, and what tells it that there is news."""
        self._guests: dict[Identity, tuple[Pace, float]] = {}
        """Who asks over HTTP: how often, and until when they are there without asking again."""
        self._store, self._compute, self._watched = store, compute, watch
        self._most_bytes = most_bytes
        self._running: Wanted | None = None
        self._frames: dict[int, bytes] = {}
        self._name = secrets.token_hex(8)
        """Of this process's part of the room."""
        self._told = (0, 0.0)
        """How many students other processes were told of, and until when that is enough."""
        self.users = 0
        """Connections that use the room, also those that have not joined yet."""
        self.visit: asyncio.TimerHandle | None = None
        """Ends the use of the room by those who ask over HTTP."""
        self._tasks = {asyncio.create_task(self._follow()), asyncio.create_task(self._watch())}
        self._show_run()

    @property
    def over(self) -> bool:
        return self.state["over"]

    async def change(self, change: Callable[[RoomState], Mapping[str, Any]]) -> RoomState:
        """Put the changed state in the store, and return it.

        ``change`` is called with the newest state, again if another one comes first, and may raise.
        """
        while True:
            new = with_changes(self.state, change(self.state))
            if new == self.state:
                return new
            if len(to_json(new)) > self._most_bytes:
                raise MessageError("room_big", limit=self._most_bytes)
            entry = Entry(self.seq + 1, new)
            if not await self._store.put(self.code, entry):
                newest = await self._store.newest(self.code)
                if newest is None:
                    raise MessageError("room_gone")
                self._take(newest)
                if newest != entry:  # its own, whose receipt was lost
                    continue
            self._take(entry)
            return new

    def since(self, seq: int, known: RoomState) -> bytes | None:
        """Return the frame that leads from a state to the newest; None if they are equal."""
        if seq not in self._frames:
            self._frames[seq] = self.moved(known) or b""
        return self._frames[seq] or None

    def moved_since(self, seq: int | None) -> bytes | None:
        """Return the frame that leads from the state of a number; None from one long past."""
        known = None if seq is None else self._states.get(seq)
        return None if known is None else self.since(cast(int, seq), known)

    def moved(self, known: RoomState) -> bytes | None:
        """Return the same from a state that no other connection knows."""
        changes, strip = difference(known, self.state), self.state["strip"]
        if not changes and strip == known["strip"]:
            return None
        bars = None if strip is None else [-np.inf if each is None else each for each in strip]
        array: Any = bars
        return Moved(id=None, seq=self.seq, changes=changes, strip=array).encode()

    def wake(self) -> None:
        for _, tell in self.members.values():
            tell()

    def stop(self) -> None:
        self._running = None
        for task in self._tasks:
            task.cancel()
        for training in self.trainings.values():
            training.cancel()

    async def _follow(self) -> None:
        async for entry in self._store.changes(self.code, self.seq):
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.seq > self.seq:
            self.seq, self.state = entry
            self._states[self.seq] = self.state
            if len(self._states) > MOST_STATES:
                del self._states[next(iter(self._states))]
            self._frames.clear()
            self._show_run()
            self.wake()

    # --- the run ----------------------------------------------------------------------------------

    def _show_run(self) -> None:
        """Have the run of a state at rest computed, once."""
        wanted = wanted_by(self.state)
        if wanted == self._running:
            return
        self.run = self._running = None
        if self.state["strip"] is None and wanted is not None:
            self._running = wanted
            task = asyncio.create_task(self._run(self.seq, wanted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _run(self, seq: int, wanted: Wanted) -> None:
        def still() -> bool:
            return self._running is wanted

        found = await frames_or_problem(self._compute, seq, wanted, still)
        frames = found if isinstance(found, list) else [Error.of(seq, found).encode()]
        if still():
            self.run = SharedRun(seq, tuple(frames))
            self.wake()

    def _look(self) -> None:
        """Look at the trainings that the class watches."""
        on_train = self.state["page"] == "train"
        names = str(self.state["address"].get("networks", "")).split() if on_train else []
        known, self.trainings = self.trainings, {}
        for name in names[:MOST_TRAININGS]:
            if watched := known.pop(name, None) or self._watched(name):
                self.trainings[name] = watched
        for gone in known.values():
            gone.cancel()
        if any([watched.look() for watched in self.trainings.values()]):
            self.wake()

    # --- who is there -----------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Count who is there, and end the room when its time is over."""
        looked = 0.0
        while not self.over:
            if time.monotonic() - looked >= WATCH_SECONDS:
                looked = time.monotonic()
                self._look()
            if seconds_left(self.state) <= 0:
                self._take(Entry(self.seq + 1, with_changes(self.state, {"over": True})))
                return
            with suppress(MessageError):
                await self._tell()
                if not all(student for student, _ in self.members.values()):
                    await self._count()
            await asyncio.sleep(TICK_SECONDS)

    async def _tell(self) -> None:
        """Tell other processes how many students this one has, again and again."""
        here, now = self._here(), time.time()
        if (here, True) != (self._told[0], now < self._told[1]):
            self._told = (here, now + TOLD_SECONDS)
            told = json.dumps([here, now + STALE_SECONDS])
            await self._store.write(self.code, "here", {self._name: told})

    def visited(self, who: Identity, most_a_second: int) -> bool:
        """Return whether a message over HTTP is within the limit; its sender is there for now."""
        pace, _ = self._guests.get(who) or (Pace(most_a_second, 1), 0)
        self._guests[who] = pace, time.monotonic() + STAY_SECONDS
        return pace.take()

    def _here(self) -> int:
        now = time.monotonic()
        self._guests = {who: kept for who, kept in self._guests.items() if kept[1] > now}
        asking = {who.student for who in self._guests}
        return len(({student for student, _ in self.members.values()} | asking) - {""})

    async def students(self) -> int:
        """Return how many students all processes have."""
        here = await self._store.read(self.code, "here")
        here.pop(self._name, None)
        others = [json.loads(each) for each in here.values()]
        return self._here() + sum(count for count, until in others if until > time.time())

    async def _count(self) -> None:
        """Read what the teachers are told."""
        asked = self.state["question"]
        votes = await self._store.read(self.code, votes_table(round_of(asked))) if asked else {}
        offers = await self._store.read(self.code, "offers")
        kept = sorted((json.loads(each) for each in offers.values()), key=lambda each: each[0])
        found = {
            "students": await self.students(),
            "answers": len(votes),
            "offers": [offer for _, offer in kept],
        }
        if found != self.attendance:
            self.attendance = found
            self.wake()
