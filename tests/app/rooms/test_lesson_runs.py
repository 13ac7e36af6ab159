"""The run of a room in a lesson says what the words of the step claim of it."""

import pytest

from tests.room import Person, open_room

pytestmark = pytest.mark.anyio


async def claims_at(teacher, student, step):
    """Take the class to a step, and return the claims of its run."""
    await teacher.send("drive", step=step)
    await student.until(lambda: student.state["step"] == step)
    await student.until(lambda: student.frames[-1].header["id"] == student.seq)
    await student.until(lambda: student.frames[-1].type == "end")
    return student.frames[-1].header["claims"]


async def test_a_run_answers_the_claims_of_its_step_and_of_no_other(server):
    room = open_room(server)
    async with Person(server, room["code"], room["token"]) as teacher:
        await teacher.send("drive", page="lessons/one-step", step="loop", address={"seed": 3})
        async with Person(server, room["code"]) as student:
            claims = await claims_at(teacher, student, "first")
            assert claims and all(name.startswith("first ") for name in claims)
            assert not await claims_at(teacher, student, "nowhere")
