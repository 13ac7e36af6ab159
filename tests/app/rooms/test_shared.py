"""The parts that a room shares: runs beside its own, trainings, keys, answers and a lesson."""

import asyncio

import httpx
import pytest

from tests.app.routes.test_found_training import find
from tests.app.routes.test_training import SHORT, begin, connected, until
from tests.room import Person, answers_of, open_room

pytestmark = pytest.mark.anyio
OWN = {
    "lesson": {"steps": [{"id": "step-1", "experiment": {"cell": "lstm"}, "view": {"show": []}}]},
    "words": {"title": "Mine", "steps": {"step-1": {"title": "One", "text": "<b>bold</b>"}}},
}


async def run(person, **experiment):
    """Return the frames of a run that someone asks the room for."""
    await person.send("run", experiment=experiment)
    before = len(person.frames)

    def come():
        news = person.frames[before:]
        return [each for each in news if each.type == "error" or (each.header["id"] or 0) < 0]

    await person.until(lambda: come() and come()[-1].type in ("end", "error"))
    return come()


async def test_a_run_beside_the_rooms_own_is_computed_once_for_all(server):
    room = open_room(server)
    async with (
        Person(server, room["code"]) as one,
        Person(server, room["code"]) as other,
    ):
        mine, theirs = await asyncio.gather(
            *(run(each, sequence="云在天") for each in (one, other))
        )
        assert mine[0].header["id"] == theirs[0].header["id"] < 0
        assert mine[-1].header["engine_seconds"] == theirs[-1].header["engine_seconds"]
        assert mine[0].header["experiment"]["sequence"] == "云在天"
        (refused,) = await run(one, hidden_size=0)
        assert refused.header["field"] == "hidden_size"
        assert (await run(one, sequence="云在天"))[-1].type == "end"


async def test_the_right_answer_goes_with_the_question_and_is_shown_by_another_teacher(server):
    room = open_room(server)
    async with Person(server, room["code"], room["token"]) as teacher:
        invited = await teacher.asks("invite")
        async with (
            Person(server, room["code"], invited.header["token"]) as colleague,
            Person(server, room["code"]) as student,
        ):
            await teacher.send("ask", kind="number", words="How many?", right=[8])
            await student.until(lambda: student.state["question"])
            assert "8" not in str(student.state["question"])
            assert student.state["truth"] is None
            await student.asks("answer", question=1, round=1, answer=[3])
            await colleague.until(lambda: colleague.attendance.get("answers") == 1)
            await colleague.send("take")
            await colleague.send("show")
            await student.until(lambda: student.state["truth"] == [8])
            assert answers_of(server, room)[0][4] == "3"


async def test_keys_of_a_teachers_phone_reach_the_page_that_leads_each_once(server):
    room = open_room(server)
    async with (
        Person(server, room["code"], room["token"]) as page,
        Person(server, room["code"], room["token"]) as phone,
        Person(server, room["code"]) as student,
    ):
        for key in ("PageDown", "b", "b", " "):
            await phone.send("press", key=key)
        await page.until(lambda: page.state["pressed"]["count"] == 4)
        assert page.state["pressed"]["keys"] == ["PageDown", "b", "b", " "]
        for key in ("<b>", "", "x" * 40):
            assert (await phone.asks("press", key=key)).header["code"] == "room_form"
        assert (await student.asks("press", key="b")).header["code"] == "room_teacher"


async def test_a_lesson_of_the_teachers_own_is_there_for_all_who_follow(server):
    room = open_room(server)
    address = f"{server}/api/rooms/{room['code']}/lesson"
    async with httpx.AsyncClient() as client:
        assert (await client.get(address)).json()["code"] == "room_lesson"
        assert (await client.post(address, json=OWN)).status_code == 403
        headers = {"Authorization": f"Bearer {room['token']}"}
        wrong = await client.post(address, json={"lesson": {}}, headers=headers)
        assert wrong.status_code == 422
        kept = await client.post(address, json=OWN, headers=headers)
        assert kept.status_code == 200
        found = (await client.get(address)).json()
        assert found == kept.json()
        assert "&lt;b&gt;" in found["steps"][0]["text"]


async def test_a_class_watches_the_training_of_its_teacher_from_the_beginning_on(server):
    room = open_room(server)
    async with (
        Person(server, room["code"], room["token"]) as teacher,
        Person(server, room["code"]) as student,
        connected(server) as training,
    ):
        await begin(training, 1, {**SHORT, "steps": 300})
        frames = await until(training, 1, "end")
        (first, _), last = frames[0], frames[-2][0]
        address = {"networks": f"{first['run']} nonsense"}
        await teacher.send("drive", page="train", address=address)
        await student.until(lambda: student.frames[-1].type == "end" and student.state["page"])
        shown = [frame for frame in student.frames if frame.type in ("begin", "steps", "end")]
        begun = [frame for frame in shown if frame.header.get("run") == first["run"]]
        assert [frame.header["key"] for frame in begun] == [""]
        assert begun[0].header["training"] == first["training"]
        steps = [frame for frame in shown if frame.type == "steps"]
        assert sum(len(frame.arrays["loss"]) for frame in steps) <= 240
        assert steps[-1].header["to"] == last["to"] == 300
        assert steps[-1].header["every"] == 2
        assert steps[0].arrays["loss"][0] == frames[1][1]["loss"][0]
        assert first["key"] not in str([frame.header for frame in student.frames])


async def test_the_lead_comes_with_the_runs_and_the_class_sees_them_go_on(server):
    room = open_room(server)
    async with (
        Person(server, room["code"], room["token"]) as teacher,
        Person(server, room["code"]) as student,
        connected(server) as training,
        connected(server) as anew,
    ):
        await begin(training, 1)
        (first, _), *_ = await until(training, 1, "steps")
        drive = {"page": "train", "address": {"networks": first["run"]}}
        await teacher.send("drive", **drive, keys={"rnn": first["key"]})
        await student.until(lambda: student.frames[-1].type == "steps")
        invited = await teacher.asks("invite")
        async with Person(server, room["code"], invited.header["token"]) as colleague:
            handed = await colleague.asks("take")
            assert handed.header["keys"] == {first["training"]["cell"]: first["key"]}
            await find(anew, 1, handed.header["keys"]["rnn"])
            _, (shown, _) = await until(anew, 1, "steps")
            await colleague.send("drive", **drive)
            await student.until(lambda: student.frames[-1].header.get("to", 0) > shown["to"])
        begun = [each for each in student.frames if each.header.get("run") == first["run"]]
        assert len(begun) == 1


async def test_the_name_of_a_network_does_not_give_its_key(server):
    room = open_room(server)
    async with (
        Person(server, room["code"], room["token"]) as stranger,
        connected(server) as training,
    ):
        await begin(training, 1)
        (first, _), *_ = await until(training, 1, "steps")
        await stranger.send("drive", page="train", address={"networks": first["run"]})
        await stranger.until(lambda: stranger.frames[-1].type == "steps")
        assert (await stranger.asks("take")).header["keys"] == {}


async def test_a_network_keeps_its_number_in_a_room_when_another_comes_before_it(server):
    room = open_room(server)
    async with (
        Person(server, room["code"], room["token"]) as teacher,
        Person(server, room["code"]) as student,
        connected(server) as one,
        connected(server) as other,
    ):
        runs = []
        for socket in (one, other):
            await begin(socket, 1, SHORT)
            runs.append((await until(socket, 1, "end"))[0][0]["run"])

        def begun():
            headers = [each.header for each in student.frames if each.type == "begin"]
            return {header["run"]: header["id"] for header in headers if "run" in header}

        await teacher.send("drive", page="train", address={"networks": runs[1]})
        await student.until(begun)
        await teacher.send("drive", address={"networks": " ".join(runs)})
        await student.until(lambda: len(begun()) == 2)
        assert len({*begun().values()}) == 2
