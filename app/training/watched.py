"""Trainings that a class watches: of their steps every k-th, as they come."""

import asyncio
from contextlib import suppress
from typing import Protocol

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import WebSocketException
from websockets.protocol import State

from unrolled.app.training.processes import Processes
from unrolled.app.training.registry import Trainings
from unrolled.app.training.run import Run

WATCH_SECONDS = 0.5
"""Seconds between two looks at a training."""
WATCHED_STEPS = 240
"""Steps of a training that a class is shown, at most."""
NUMBER_DIGITS = 12
"""Of the name of a training: they are the id of its frames in every room and process."""
WHOLE = 16
"""Pieces after which another process is told all steps again, so that it keeps few pieces."""
Frames = tuple[bytes, ...]


class Watched(Protocol):
    """A training, for those who watch it and do not take it."""

    place: int
    """How far it is, as ``Run.place``."""

    def look(self) -> bool:
        """Take note of the steps since the last look; return whether there are any."""

    def since(self, place: int) -> Frames:
        """Return the frames after a place, encoded once for all; 0 is the beginning."""

    def cancel(self) -> None:
        """Watch no longer."""


class WatchedHere:
    """A training of this process."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._number = int(run.name[:NUMBER_DIGITS], 16)
        self._told: dict[int, Frames] = {}
        """By the place of who is told."""
        self.place = 0

    def look(self) -> bool:
        place = self._run.place
        changed = place != self.place
        if changed:
            self.place = place
            self._told.clear()
        return changed

    def since(self, place: int) -> Frames:
        if place == self.place:
            return ()
        if place not in self._told:
            shown = self._run.shown(self._number, place, self.place, WATCHED_STEPS)
            self._told[place] = tuple(shown)
        return self._told[place]

    def cancel(self) -> None:
        pass


class WatchedElsewhere:
    """A training of another process, which tells of it in pieces.

    Kept are all steps up to some place, and the last pieces; who stands between two of them is told
    all again.
    """

    def __init__(self, processes: Processes, name: str) -> None:
        self.place = 0
        self._looked = 0
        self._whole: tuple[int, Frames] = (0, ())
        self._pieces: dict[int, tuple[int, Frames]] = {}
        """By the place where each begins, the one where it ends."""
        self._task = asyncio.create_task(self._listen(processes, name))

    def look(self) -> bool:
        changed, self._looked = self.place != self._looked, self.place
        return changed

    def since(self, place: int) -> Frames:
        if place == self.place:
            return ()
        frames: Frames = ()
        if place not in self._pieces:
            place, frames = self._whole
        while place in self._pieces:
            place, more = self._pieces[place]
            frames += more
        return frames

    def cancel(self) -> None:
        self._task.cancel()

    async def _listen(self, processes: Processes, name: str) -> None:
        frames: list[bytes] = []
        while self.place == 0:  # a process may be asked before it knows the run
            with suppress(OSError, WebSocketException):
                async with processes.reach(name, f"watch/{name}") as other:
                    async for told in other:
                        if isinstance(told, bytes):
                            frames.append(told)
                        else:
                            begins, ends = map(int, told.split())
                            self._take(begins, ends, tuple(frames))
                            frames = []
            await asyncio.sleep(WATCH_SECONDS)

    def _take(self, begins: int, ends: int, frames: Frames) -> None:
        if begins == 0:
            self._whole = ends, frames
        if begins == self.place:
            self._pieces[begins] = ends, frames
            self.place = ends
        while len(self._pieces) > 2 * WHOLE:
            del self._pieces[next(iter(self._pieces))]


def watched(trainings: Trainings, processes: Processes, name: str) -> Watched | None:
    """Return the training of a name; None without one."""
    if run := trainings.named(name):
        return WatchedHere(run)
    return WatchedElsewhere(processes, name) if processes.have(name) else None


async def tell(trainings: Trainings, other: ServerConnection, name: str) -> None:
    """Tell another process of a run here: pieces, each followed by where it begins and ends."""
    if (run := trainings.named(name)) is None:
        return
    here, place, pieces = WatchedHere(run), 0, 0
    while other.state is State.OPEN:
        if here.look():
            pieces += 1
            for begin in (place,) if pieces % WHOLE else (place, 0):
                for frame in here.since(begin):
                    await other.send(frame)
                await other.send(f"{begin} {here.place}")
            place = here.place
        await asyncio.sleep(WATCH_SECONDS)
