"""Rooms of a class, over a real uvicorn."""

from contextlib import AsyncExitStack

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.room import Person, answers_of, open_room

pytestmark = pytest.mark.anyio
CHOICE = {"kind": "choice", "words": "What arrives?", "choices": ["all", "half", "nothing"]}
NUMBER = {"kind": "number", "words": "log10?", "low": -10, "high": 10}


@pytest.fixture
async def people():
    async with AsyncExitStack() as stack:

        async def enter(url, room, token="", **fields):
            return await stack.enter_async_context(Person(url, room["code"], token, **fields))

        yield enter


@pytest.fixture
async def class_of(server, people):
    """A teacher and students in a new room."""

    async def gather(students, **fields):
        room = open_room(server, **fields)
        teacher = await people(server, room, room["token"])
        return room, teacher, [await people(server, room) for _ in range(students)]

    return gather


async def test_everyone_sees_what_the_teacher_drags_and_the_run_once_the_thumb_rests(class_of):
    _, teacher, students = await class_of(3)
    for n in range(20):
        scale = 1 + n / 100
        await teacher.send("drive", address={"recurrent_scale": scale}, strip=[-0.5, None, n])
    for student in students:
        await student.until(lambda s=student: s.state["strip"] and s.state["strip"][2] == 19)
    await teacher.send("drive", address={"recurrent_scale": 1.19}, playhead=3.5)
    for student in students:
        await student.until(lambda s=student: s.state["playhead"] == 3.5)
        assert student.state["address"] == {"recurrent_scale": 1.19}
        assert student.state["strip"] is None
        strips = [f.arrays["strip"] for f in student.frames if "strip" in f.arrays]
        assert all(strip[1] == -float("inf") for strip in strips)
        await student.until(lambda s=student: s.frames[-1].type == "end")
        begin = [frame for frame in student.frames if frame.type == "begin"][-1]
        assert begin.header["experiment"]["recurrent_scale"] == 1.19
        assert begin.header["id"] == student.seq


async def test_a_late_student_has_the_whole_state_from_one_message(server, people, class_of):
    room, teacher, (early,) = await class_of(1)
    await teacher.send("drive", address={"cell": "lstm", "hidden_size": 8}, step="forget")
    await teacher.send("drive", page="lessons/gates", parts=["equations"], point="unit 3 7")
    await teacher.send("drive", address={"cell": "lstm"}, trying=True)
    await teacher.send("ask", **CHOICE)
    await early.until(lambda: early.state["question"])
    late = await people(server, room)
    assert late.state == early.state
    assert late.state["address"] == {"cell": "lstm"}


async def test_the_distribution_is_seen_once_the_teacher_shows_it_and_the_last_answer_counts(
    server, class_of
):
    room, teacher, students = await class_of(3)
    await teacher.send("ask", **CHOICE)
    for student, chosen in zip(students, (0, 2, 2), strict=True):
        await student.until(lambda s=student: s.state["question"])
        for choice in (1, chosen, chosen):
            done = await student.asks("answer", question=1, round=1, answer=[choice])
            assert done.type == "recorded"
    await teacher.until(lambda: teacher.attendance.get("answers") == 3)
    assert all("counts" not in str(frame.header) for frame in teacher.frames + students[0].frames)
    await teacher.send("show", truth=[2])
    for student in students:
        await student.until(lambda s=student: s.state["shown"])
        assert student.state["shown"][0]["counts"] == [1, 0, 2]
        assert student.state["truth"] == [2]
        late = await student.asks("answer", question=1, round=1, answer=[1])
        assert late.header["code"] == "room_question"
    assert sorted(row[4] for row in answers_of(server, room)) == ["A", "C", "C"]


async def test_a_late_student_sees_the_distribution_that_was_shown(server, people, class_of):
    room, teacher, (early,) = await class_of(1)
    await teacher.send("ask", **CHOICE)
    await early.until(lambda: early.state["question"])
    await early.asks("answer", question=1, round=1, answer=[2])
    before = await people(server, room)
    assert (before.state["shown"], before.state["truth"]) == ([], None)
    await teacher.send("show", truth=[1])
    await early.until(lambda: early.state["shown"])
    for token in ("", early.welcome["token"], room["token"]):
        late = await people(server, room, token)
        assert late.state["shown"] == early.state["shown"]
        assert late.state["shown"][0]["counts"] == [0, 0, 1]
        assert late.state["truth"] == [1]


async def test_a_second_round_stands_beside_the_first(server, class_of):
    room, teacher, students = await class_of(2)
    await teacher.send("ask", **NUMBER)
    for number, values in ((1, (-8, 9)), (2, (-8, -7.5))):
        for student, value in zip(students, values, strict=True):
            await student.until(
                lambda s=student, n=number: (
                    s.state["question"]
                    and (s.state["question"]["round"], s.state["question"]["open"]) == (n, True)
                )
            )
            assert student.state["shown"] == []
            await student.asks("answer", question=1, round=number, answer=[value])
        await teacher.send("show", truth=[-8.1])
        await teacher.until(lambda n=number: len(teacher.state["shown"]) == n)
        if number == 1:
            await teacher.send("again")
    first, second = teacher.state["shown"]
    assert [first["answers"], second["answers"]] == [2, 2]
    assert (first["counts"][2], first["counts"][19], second["counts"][2]) == (1, 1, 2)
    assert second["quartiles"][1] == [-7.75]
    rows = answers_of(server, room)
    assert [row[:2] for row in rows] == [["1", "1"]] * 2 + [["1", "2"]] * 2
    assert {row[2] for row in rows[:2]} == {row[2] for row in rows[2:]}


async def test_a_curve_is_shown_by_its_quartiles(class_of):
    _, teacher, students = await class_of(3)
    await teacher.send("ask", kind="curve", low=-5, high=1, size=3)
    for student, start in zip(students, (0, -1, -2), strict=True):
        await student.until(lambda s=student: s.state["question"])
        await student.asks("answer", question=1, round=1, answer=[start, start, 1])
    await teacher.send("show", truth=[-1, -0.5, 40])
    await teacher.until(lambda: teacher.state["shown"])
    assert teacher.state["shown"][0]["quartiles"][1] == [-1, -1, 1]
    assert sorted(teacher.state["shown"][0]["curves"])[0] == [-2, -2, 1]
    assert teacher.state["truth"] == [-1, -0.5, 40]


async def test_the_results_have_every_question_with_its_truth_and_no_names(server, class_of):
    room, teacher, students = await class_of(2)
    for n, asked in ((1, CHOICE), (2, NUMBER)):
        await teacher.send("ask", **asked)
        for student, value in zip(students, (0, 2), strict=True):
            await student.until(
                lambda s=student, n=n: s.state["question"] and s.state["question"]["number"] == n
            )
            await student.asks("answer", question=n, round=1, answer=[value])
        await teacher.send("show", truth=[n])
        await teacher.until(lambda n=n: teacher.state["truth"] == [n])
    url = f"{server}/api/rooms/{room['code']}/results"
    found = httpx.get(url, headers={"Authorization": f"Bearer {room['token']}"}).json()["questions"]
    assert [each["question"]["truth"] for each in found] == [[1], [2]]
    assert [each["rounds"][0]["answers"] for each in found] == [2, 2]
    for each in found:
        assert sorted(row["answer"][0] for row in each["answers"]) == [0, 2]
        assert {row["name"] for row in each["answers"]} == {""}
    for token in ("x", students[0].welcome["token"]):
        for path in (url, url.replace("results", "answers")):
            refused = httpx.get(path, headers={"Authorization": f"Bearer {token}"})
            assert (refused.status_code, refused.json()["code"][:5]) == (403, "room_")


async def test_a_student_who_comes_back_is_the_same_student_with_one_vote(server, people, class_of):
    room, teacher, (student,) = await class_of(1)
    await teacher.send("ask", **CHOICE)
    await student.until(lambda: student.state["question"])
    await student.asks("answer", question=1, round=1, answer=[0])
    token = student.welcome["token"]
    again = await people(server, room, token)
    assert again.welcome["answer"] == [0]
    await again.asks("answer", question=1, round=1, answer=[1])
    await teacher.send("show")
    await teacher.until(lambda: teacher.state["shown"])
    assert teacher.state["shown"][0]["counts"] == [0, 1, 0]


async def test_only_the_teacher_who_leads_moves_the_room_and_hands_it_over(
    server, people, class_of
):
    room, teacher, (student,) = await class_of(1)
    before = student.state
    for do, fields in (
        ("drive", {"step": "x"}),
        ("ask", CHOICE),
        ("show", {}),
        ("again", {}),
        ("hide", {}),
        ("take", {}),
        ("invite", {}),
        ("end", {}),
    ):
        refused = await student.asks(do, **fields)
        assert refused.header["code"] == "room_teacher", do
    invited = await teacher.asks("invite")
    other = await people(server, room, invited.header["token"])
    assert other.welcome["teacher"] == 2
    assert (await other.asks("drive", step="x")).header["code"] == "room_driver"
    assert (await other.asks("answer", question=1, round=1, answer=[1])).header["code"] == (
        "room_student"
    )
    await other.send("take")
    await other.until(lambda: other.state["driver"] == 2)
    assert (await teacher.asks("drive", step="y")).header["code"] == "room_driver"
    await other.send("drive", step="z")
    await student.until(lambda: student.state["step"] == "z")
    assert student.state == {**before, "step": "z", "driver": 2, "teachers": 2}
    phone = await people(server, room, invited.header["token"])
    handed = await phone.asks("take")  # another device of the same teacher
    await phone.send("drive", step="q")
    await student.until(lambda: student.state["step"] == "q")
    assert (await other.asks("drive", step="y")).header["code"] == "room_driver"
    back = await people(server, room, handed.header["token"])
    assert back.welcome["teacher"] == back.state["driver"] == 3


async def test_a_token_of_another_room_opens_none(server):
    mine, other = open_room(server), open_room(server)
    for token in (other["token"], "x", mine["token"][:-1], mine["token"] + "x"):
        with pytest.raises(AssertionError, match="room_token"):
            async with Person(server, mine["code"], token):
                pass
        headers = {"Authorization": f"Bearer {token}"}
        answers = httpx.get(f"{server}/api/rooms/{mine['code']}/answers", headers=headers)
        assert answers.status_code == 403


async def test_a_students_run_is_seen_by_the_teachers_alone(class_of):
    _, teacher, (student, other) = await class_of(2, names=False)
    assert (await student.asks("offer", address={"cell": "gru"}, playhead=2)).type == "recorded"
    await teacher.until(lambda: teacher.attendance.get("offers"))
    (offer,) = teacher.attendance["offers"]
    assert offer == {"name": "", "page": "", "address": {"cell": "gru"}, "step": "", "playhead": 2}
    await teacher.send("drive", **{name: offer[name] for name in offer if name != "name"})
    await other.until(lambda: other.state["playhead"] == 2)
    assert not [frame for frame in other.frames if frame.type == "attendance"]
    assert teacher.attendance["students"] == 2


async def test_a_room_that_asks_for_names_takes_names_and_no_markup(server, people):
    room = open_room(server, names=True)
    for name in ("", "<b>x</b>", "x" * 41, "a\nb&c", "\u202eevil", "\ud800", "=1+1"):
        with pytest.raises(AssertionError, match="room_name"):
            async with Person(server, room["code"], name=name):
                pass
    teacher = await people(server, room, room["token"])
    await teacher.send("ask", **CHOICE)
    for name in ("Zoë  O’Neil", "王小明", "प्रिया"):
        student = await people(server, room, name=name)
        await student.until(lambda s=student: s.state["question"])
        await student.asks("answer", question=1, round=1, answer=[0])
    assert {row[3] for row in answers_of(server, room)} == {"Zoë O’Neil", "王小明", "प्रिया"}


async def test_a_room_ends_with_its_time_or_by_its_teacher_and_leaves_nothing(serve):
    url = serve(room_seconds=1)
    room = open_room(url)
    async with Person(url, room["code"]) as student:
        await student.until(lambda: student.state["over"])
        with pytest.raises(ConnectionClosed):
            await student.receive()
    assert httpx.get(f"{url}/api/rooms/{room['code']}").status_code == 404
    url = serve()
    room = open_room(url)
    async with Person(url, room["code"], room["token"]) as teacher:
        await teacher.send("end")
        await teacher.until(lambda: teacher.state["over"])
        with pytest.raises(ConnectionClosed):
            await teacher.receive()
    assert httpx.get(f"{url}/api/rooms/{room['code']}").status_code == 404


async def test_the_limits_of_rooms_are_settings(serve):
    url = serve(rooms=1, room_students=2, room_messages=5, room_bytes=1024, room_tries=3)
    room = open_room(url)
    assert httpx.post(f"{url}/api/rooms", json={}).json()["code"] == "rooms_full"
    async with Person(url, room["code"]) as one, Person(url, room["code"]):
        with pytest.raises(AssertionError, match="room_full"):
            async with Person(url, room["code"]):
                pass
        async with Person(url, room["code"], room["token"]) as teacher:
            refused = await teacher.asks("drive", address={"sequence": "x" * 1000})
            assert refused.header["code"] == "room_big"
        for _ in range(20):
            await one.send("offer")
        await one.until(lambda: "room_hasty" in one.errors)
    asked = [httpx.get(f"{url}/api/rooms/ZZZZZ{last}") for last in "BCDF"]
    assert [each.status_code for each in asked] == [404, 404, 404, 429]
    address = f"{url}/api/rooms/{room['code']}"
    assert httpx.get(address).status_code == 429
    assert httpx.post(address, json={"id": 1, "join": ""}).status_code == 429
    with pytest.raises((AssertionError, ConnectionClosed)):
        async with Person(url, room["code"]):
            pass


async def test_a_slow_student_delays_no_other_and_has_the_newest_in_the_end(serve):
    url = serve(room_messages=10_000)
    room = open_room(url)
    async with (
        Person(url, room["code"], room["token"]) as teacher,
        Person(url, room["code"]) as quick,
        Person(url, room["code"]) as slow,
    ):
        slow.socket.transport.pause_reading()
        for n in range(1, 1000):
            await teacher.send("drive", address={"target": f"{n}" + "x" * 15_000}, strip=[n])
            while (quick.state["strip"] or [0])[0] < n:
                await quick.receive()
        slow.socket.transport.resume_reading()
        await slow.until(lambda: slow.state["address"].get("target", "").startswith("999"))
        assert len([f for f in slow.frames if f.type == "moved"]) < 900


async def test_a_code_is_read_as_people_type_it_and_is_no_word(server):
    code = open_room(server)["code"]
    typed = f"{code[:3].lower()}-{code[3:]} "
    assert httpx.get(f"{server}/api/rooms/{typed}").json()["code"] == code
    assert not set(code) & set("AEIOUYLQ0123456789")


async def test_a_teachers_own_moves_do_not_come_back_but_reach_the_second_device(
    server, people, class_of
):
    room, teacher, _ = await class_of(0)
    notes = await people(server, room, room["token"])
    await teacher.send("drive", step="a")
    await notes.until(lambda: notes.state["step"] == "a")
    await notes.send("drive", playhead=1)
    await teacher.until(lambda: teacher.state["playhead"] == 1)
    moved = [frame.header["changes"] for frame in teacher.frames if frame.type == "moved"]
    assert moved == [{"playhead": 1}]
