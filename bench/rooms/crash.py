"""A worker is killed, and Redis too, in the middle of a vote."""

import asyncio
import os
import random
import signal
import time
from typing import Any

from bench.rooms.followers import Follower, all_see, following, new_room
from bench.rooms.labs import Lab
from bench.rooms.period import CHOICES, ledger_of


def _open_files(process: int) -> int:
    """Return the number of files and sockets that a process has open."""
    return len(os.listdir(f"/proc/{process}/fd"))


async def crash(lab: Lab, students: int) -> dict[str, Any]:
    """Kill a worker and Redis in the middle of a vote; return what became of the votes."""
    assert lab.redis
    room, rng = new_room(lab.url), random.Random(0)
    ledger = [rng.randrange(len(CHOICES)) for _ in range(students)]
    everyone = [Follower(lab.url, room["code"], number) for number in range(students)]
    teacher = Follower(lab.url, room["code"], -1, room["token"])
    async with following([teacher, *everyone]):
        await teacher.until("question", do="ask", kind="choice", choices=CHOICES)
        await all_see(everyone, lambda room: room["question"])

        async def votes(student: Follower, choice: int) -> None:
            await asyncio.sleep(rng.random())
            await student.vote((choice + 1) % len(CHOICES))
            await student.vote(choice)

        voting = asyncio.gather(*map(votes, everyone, ledger))
        await asyncio.sleep(0.3)
        killed = time.perf_counter()
        os.kill(max(lab.workers, key=_open_files), signal.SIGKILL)  # who serves the most
        await asyncio.sleep(0.2)
        lab.redis.kill()
        await asyncio.sleep(0.5)
        lab.redis.start()
        returned = time.perf_counter()
        await asyncio.wait_for(voting, 60)
        recorded = time.perf_counter() - returned
        (shown,) = await teacher.until("shown", do="show")
    return {
        "counts": shown["counts"],
        "ledger": ledger_of(ledger),
        "rejoined": sum(each.back[-1] > killed for each in everyone),
        "back": max(each.back[-1] for each in everyone) - returned,
        "recorded": recorded,
    }
