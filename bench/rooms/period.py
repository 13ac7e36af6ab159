"""The memory of a server during a lesson, in which a class drags, votes, leaves and comes back."""

import asyncio
import random
import time
from collections import Counter

from bench.rooms.followers import Follower, Poller, all_see, following, new_room
from bench.rooms.labs import Lab
from bench.serving import FLAT, warmed

ROUNDS = 100
"""Of the class: the same messages in any time."""
MOVES, BARS = 60, 50
"""Moves of the teacher's thumb in a round."""
CHOICES = ("all", "half", "nothing")
POSTING, TORN = 10, 10
"""One student of so many has no socket, and one of so many loses the connection in each round."""


async def period(lab: Lab, students: int, seconds: float) -> str:
    """Return what a class of so many seconds leaves in the memory."""
    room, rng = new_room(lab.url), random.Random(0)
    everyone = [
        (Follower if n % POSTING else Poller)(lab.url, room["code"], n) for n in range(students)
    ]
    teacher = Follower(lab.url, room["code"], -1, room["token"])
    memory, wrong, start = [lab.resident], 0, time.perf_counter()
    async with following([teacher, *everyone]):
        for number in range(1, ROUNDS + 1):
            await _drag(teacher, number, seconds / ROUNDS / 2)
            ledger = [rng.randrange(len(CHOICES)) for _ in everyone]
            wrong += await _vote(teacher, everyone, number, ledger) != ledger_of(ledger)
            memory.append(lab.resident)
            if not number % (ROUNDS // 10):
                print(
                    f"    {time.perf_counter() - start:4.0f} s: {memory[-1] >> 20} MiB", flush=True
                )
            await asyncio.sleep(start + number * seconds / ROUNDS - time.perf_counter())
        await all_see(everyone, lambda room: room["address"].get("seed") == ROUNDS)
    before, after = warmed(memory)
    verdict = "flat" if after - before <= FLAT else "WRONG: it grew"
    return (
        f"{students} students, {time.perf_counter() - start:.0f} s: {ROUNDS * MOVES} moves, "
        f"{ROUNDS * students} votes, {wrong} rounds with a wrong count; "
        f"{memory[0] >> 20} MiB at the start, {before / 2**20:.0f} MiB warm, "
        f"{after / 2**20:.0f} MiB at the end: {verdict}"
    )


async def _drag(teacher: Follower, number: int, seconds: float) -> None:
    """Drag at 20 moves a second, or faster if there is less time, and rest."""
    for move in range(MOVES):
        moved = {"recurrent_scale": move + 0.25}
        await teacher.send(2, do="drive", address=moved, strip=[-move / 100] * BARS)
        await asyncio.sleep(min(1 / 20, seconds / MOVES))
    await teacher.send(2, do="drive", address={"recurrent_scale": number / 50, "seed": number})


async def _vote(
    teacher: Follower, everyone: list[Follower], number: int, ledger: list[int]
) -> list[int]:
    """Ask the class, some of whom are torn off; return how many chose what."""
    await teacher.send(2, do="ask", kind="choice", choices=CHOICES)
    await all_see(everyone, lambda room: (room["question"] or {}).get("number") == number)
    for student in everyone[number % TORN :: TORN]:
        student.tear()
    voting = asyncio.gather(*(s.vote(c, number) for s, c in zip(everyone, ledger, strict=True)))
    await asyncio.wait_for(voting, 60)
    await teacher.send(2, do="show")
    await all_see([teacher, *everyone], lambda room: room["shown"])
    counts: list[int] = teacher.room["shown"][0]["counts"]
    await teacher.send(2, do="hide")
    return counts


def ledger_of(votes: list[int]) -> list[int]:
    """Return how many chose what."""
    return [Counter(votes)[choice] for choice in range(len(CHOICES))]
