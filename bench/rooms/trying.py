"""A class that tries for itself: each student drags a lab of the own, and follows the room."""

import asyncio
import random

from bench.load import TEXT, Student, of_drags
from bench.rooms.followers import Follower, following, new_room
from bench.rooms.labs import Lab

EXPERIMENT = {"sequence": TEXT[:50], "hidden_size": 16}


async def trying(lab: Lab, students: int, seconds: float, apart: bool) -> str:
    """Return what students get of their own drags, ten moves a second each.

    Each has an address ``apart``, or all have that of their school.
    """
    room = new_room(lab.url)
    teacher = Follower(lab.url, room["code"], -1, room["token"])
    everyone = [Follower(lab.url, room["code"], number) for number in range(students)]
    drags = [
        Student(lab.url, n * apart, EXPERIMENT, random.Random(n), seconds) for n in range(students)
    ]
    async with following([teacher, *everyone]):
        await teacher.send(2, do="drive", trying=True)
        await asyncio.gather(*(each.drag() for each in drags))
    where = "at addresses of their own" if apart else "behind one address"
    return f"{students} students try for themselves, {where}: {of_drags(drags, seconds)}"
