"""The runs that a room shows: of the lab, and others beside them, each computed once."""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from unrolled.app.errors import MessageError
from unrolled.app.lessons import Shelf
from unrolled.app.lessons.live import told
from unrolled.app.rooms.state import RoomState
from unrolled.app.runs.requests import TraceRequest
from unrolled.app.runs.run_frames import Asked, frames
from unrolled.app.web.workers import batch
from unrolled.engine import Experiment, ExperimentError

RUN_BYTES = 2**18
"""Bytes of a run that is sent to all, at most."""
MOST_BESIDE = 8
"""Runs beside the one of a room that are kept."""
log = logging.getLogger("unrolled")
Refused = ExperimentError | MessageError


class Wanted(NamedTuple):
    """The subject of a run: its settings, and the step whose words claim something of it."""

    settings: dict[str, Any]
    page: str
    step: str


Compute = Callable[[int, Wanted, Callable[[], bool]], Awaitable[list[bytes]]]
"""Returns the frames of a run, by its id, what it is of, and whether it is still wanted."""


class SharedRun(NamedTuple):
    """The frames of the run of a state, for all."""

    seq: int
    frames: tuple[bytes, ...]


def wanted_by(state: RoomState) -> Wanted | None:
    """Return the run that a state shows; None where there is no lab."""
    if state["page"] == "train":
        return None
    known = {*Experiment().named(), "checkpoint"}
    fields = {name: value for name, value in state["address"].items() if name in known}
    return Wanted(fields, state["page"], state["step"])


async def frames_or_problem(
    compute: Compute, number: int, wanted: Wanted, still: Callable[[], bool]
) -> list[bytes] | Refused:
    """Return the frames of a run, or why there are none."""
    try:
        made = await compute(number, wanted, still)
    except (ExperimentError, MessageError) as error:
        return error
    except Exception:
        log.exception("a run of a room failed")
        return MessageError("internal")
    return (
        made if sum(map(len, made)) <= RUN_BYTES else MessageError("room_run_big", limit=RUN_BYTES)
    )


class Beside:
    """Runs beside the one of a room: pinned, or of a lesson's text in another language.

    Each is computed once for all who ask for it, one at a time, and has a negative id.
    """

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        self._kept: OrderedDict[str, asyncio.Task[list[bytes] | Refused]] = OrderedDict()
        self._line = asyncio.Lock()
        self._last = 0

    async def get(self, wanted: Wanted) -> list[bytes]:
        """Return the frames of a run; raises as the computation does."""
        key = json.dumps(wanted, sort_keys=True)
        if key not in self._kept:
            self._kept[key] = asyncio.create_task(self._run(wanted))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_BESIDE:
            self._kept.popitem(last=False)
        found = await asyncio.shield(self._kept[key])
        if isinstance(found, list):
            return found
        self._kept.pop(key, None)
        raise found

    async def _run(self, wanted: Wanted) -> list[bytes] | Refused:
        async with self._line:
            self._last -= 1
            return await frames_or_problem(self._compute, self._last, wanted, lambda: True)


async def shared_run(
    state: Any, number: int, wanted: Wanted, still: Callable[[], bool]
) -> list[bytes]:
    """Return the frames of a run that a room shows, as far as it is wanted and not too long."""
    runs, settings = state.runs, state.settings
    request = TraceRequest(id=number, experiment=wanted.settings)
    lessons: Shelf = state.shelf
    slug = wanted.page.removeprefix("lessons/")
    claims = await asyncio.to_thread(lessons.claims, slug, wanted.step)
    while still():
        answer = frames(
            request,
            settings,
            lambda: not still(),
            state.checkpoints.get,
            runs.memory,
            Asked(told(claims, settings)),
        )
        made: list[bytes] = []
        try:
            async with runs.slot("room"):
                while sum(map(len, made)) <= RUN_BYTES:
                    if not (more := await runs.compute(batch, answer)):
                        break
                    made += more
                return made
        except MessageError as error:
            if error.code != "busy":
                raise
    return []
