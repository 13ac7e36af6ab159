"""Rooms of a class: opened and looked for over HTTP, and followed over a WebSocket."""

import asyncio
import json
from typing import Any, NamedTuple

from fastapi import APIRouter, Header, Request, Response, WebSocket
from fastapi.responses import JSONResponse

from unrolled.app.errors import MessageError
from unrolled.app.lessons import rendered
from unrolled.app.lessons.uploads import opened as opened_lesson
from unrolled.app.rooms.inbox import Inbox
from unrolled.app.rooms.live import Live
from unrolled.app.rooms.member import Member
from unrolled.app.rooms.messages import Join, Message, OpenRoom
from unrolled.app.rooms.polling import answered as frames_for
from unrolled.app.rooms.polling import read_posted
from unrolled.app.rooms.registry import Rooms
from unrolled.app.rooms.state import RoomState, seconds_left
from unrolled.app.rooms.store import Entry
from unrolled.app.rooms.votes import Asked, results, table
from unrolled.app.routes.answers import LessonAnswer, RoomFound, RoomOpened, RoomResults
from unrolled.app.routes.models import LESSON
from unrolled.app.runs.frames import MEDIA_TYPE, Error
from unrolled.app.runs.requests import parse
from unrolled.app.web.bodies import answered, body_of, problems, read, sent
from unrolled.app.web.clients import client_of
from unrolled.app.web.websocket import accepted_socket, send
from unrolled.engine import ExperimentError

CSV = "text/csv; charset=utf-8"
router = APIRouter()


class Found(NamedTuple):
    """A room, by its code."""

    code: str
    entry: Entry


@router.post(
    "/api/rooms",
    summary="Open a room for a class",
    openapi_extra=body_of(OpenRoom.model_json_schema()),
    responses=problems(413, 422, 503) | answered("The room, and its teacher's token", RoomOpened),
)
async def opened(request: Request) -> Response:
    """Open a room; its teacher joins with the token, and students with the code."""
    state = request.app.state
    wanted = parse(OpenRoom, await read(request, state.settings.message_bytes))
    code, token, room = await state.rooms.open(wanted.names)
    return JSONResponse({**_told(code, room), "token": token})


@router.get(
    "/api/rooms/{code}",
    summary="Whether there is a room",
    responses=problems(404, 422, 429, 503) | answered("The room", RoomFound),
)
async def found(request: Request, code: str) -> Response:
    """Return how long a room lasts, and whether it asks for a name."""
    known, entry = await request.app.state.rooms.find(code, client_of(request))
    return JSONResponse(_told(known, entry.state))


@router.get(
    "/api/rooms/{code}/answers",
    summary="The answers of a class",
    response_class=Response,
    responses=problems(404, 422, 429, 503)
    | sent("A row an answer", CSV, schema={"type": "string"}),
)
async def answers(request: Request, code: str, authorization: str = Header("")) -> Response:
    """Return all answers of a room, for a teacher: `Authorization: Bearer` and the token."""
    known, asked = await _asked(request, code, authorization)
    headers = {"Content-Disposition": f'attachment; filename="{known}.csv"'}
    return Response(table(asked), media_type=CSV, headers=headers)


@router.get(
    "/api/rooms/{code}/results",
    summary="The questions of a class, and what was answered",
    responses=problems(404, 422, 429, 503) | answered("The results", RoomResults),
)
async def results_of(request: Request, code: str, authorization: str = Header("")) -> Response:
    """Return all questions, with distributions and answers, to a teacher as above."""
    _, asked = await _asked(request, code, authorization)
    return JSONResponse({"questions": results(asked)})


@router.post(
    "/api/rooms/{code}/lesson",
    summary="Take a class to a lesson of your own",
    openapi_extra=body_of(LESSON),
    responses=problems(404, 413, 422, 429, 503) | answered("The lesson", LessonAnswer),
)
async def brought(request: Request, code: str, authorization: str = Header("")) -> Response:
    """Keep a teacher's own lesson, for all who follow; 422 names an error in the file."""
    state = request.app.state
    known = await _taught(request, code, authorization)
    text = await read(request, state.settings.message_bytes)
    async with state.runs.answer_slot(request):
        found = await state.runs.answer(lambda: rendered(opened_lesson(text, state.settings)))
    await state.rooms.store.write(known.code, "lesson", {"own": json.dumps(found)})
    return JSONResponse(found)


@router.get(
    "/api/rooms/{code}/lesson",
    summary="The lesson of a teacher's own that a class follows",
    responses=problems(404, 422, 429, 503) | answered("The lesson", LessonAnswer),
)
async def lesson(request: Request, code: str) -> Response:
    """Return the lesson, its texts as HTML; 404 where the teacher has brought none."""
    rooms: Rooms = request.app.state.rooms
    known, _ = await rooms.find(code, client_of(request))
    if (kept := (await rooms.store.read(known, "lesson")).get("own")) is None:
        raise MessageError("room_lesson")
    return Response(kept, media_type="application/json")


async def _taught(request: Request, code: str, authorization: str) -> Found:
    """Return a room, to a teacher of it alone; raises ``MessageError``."""
    rooms: Rooms = request.app.state.rooms
    client = client_of(request)
    found = Found(*await rooms.find(code, client))
    token = authorization.removeprefix("Bearer ")
    who = await rooms.known(found.code, found.entry.state, token, client)
    if not who.teacher:
        raise MessageError("room_teacher")
    return found


async def _asked(request: Request, code: str, authorization: str) -> tuple[str, list[Asked]]:
    """Return the code of a room and its questions; raises ``MessageError`` but for a teacher."""
    code, entry = await _taught(request, code, authorization)
    return code, await request.app.state.rooms.asked(code, entry.state)


def _told(code: str, room: RoomState) -> dict[str, Any]:
    return {"code": code, "seconds": seconds_left(room), "names": room["names"]}


@router.post(
    "/api/rooms/{code}",
    summary="Send one message to a room, where no socket opens",
    openapi_extra=body_of(Join.model_json_schema()),
    response_class=Response,
    responses=problems(403, 404, 413, 422, 429, 503)
    | sent("The frames that answer it: see docs/protocol.md", MEDIA_TYPE),
)
async def posted(request: Request, code: str) -> Response:
    """Return the frames that answer a message; `join` is answered with what is new in the room."""
    state = request.app.state
    message, token = read_posted(await read(request, state.settings.message_bytes))
    client = client_of(request)
    known, entry = await state.rooms.find(code, client)
    live = state.rooms.visited(known, entry)
    left = asyncio.ensure_future(request.receive())  # also when the server is told to end
    try:
        body = await frames_for(state.rooms, live, message, token, client, left)
    finally:
        left.cancel()
    return Response(body, media_type=MEDIA_TYPE)


@router.websocket("/api/rooms/{code}")
async def room(socket: WebSocket, code: str) -> None:
    rooms: Rooms = socket.app.state.rooms
    async with accepted_socket(socket, Inbox(socket.app.state.settings.room_messages)) as inbox:
        if not inbox.open:
            return
        try:
            known, entry = await rooms.find(code, client_of(socket))
            async with rooms.entered(known, entry) as live:
                if member := await _joined(socket, inbox, rooms, live):
                    await _follow(socket, inbox, live, member)
        except MessageError as error:
            await send(socket, Error.of(error.number, error).encode())
        if inbox.open:
            await socket.close()


async def _joined(socket: WebSocket, inbox: Inbox, rooms: Rooms, live: Live) -> Member | None:
    """Wait for ``join``, and answer it; return None where the client has left before it."""
    while inbox.open and not live.over:
        await _refuse(socket, inbox)
        if message := inbox.next():
            if isinstance(message, Join):
                try:
                    who = await rooms.admit(live, message, client_of(socket))
                except MessageError as error:
                    error.number = message.id
                    raise
                member = Member(live, rooms.store, who)
                live.members[member] = (who.student, inbox.wake)
                await send(socket, await member.welcome(message.id))
                return member
            problem = MessageError("room_join")
            await send(socket, Error.of(message.id, problem).encode())
        else:
            await inbox.wait()
    return None


async def _follow(socket: WebSocket, inbox: Inbox, live: Live, member: Member) -> None:
    """Do what the client's messages ask for, and send it the news, until the room is over.

    What a client asks for just before it leaves is done too.
    """
    try:
        while inbox.open:
            for frame in member.news():
                await send(socket, frame)
            if live.over:
                return
            await _refuse(socket, inbox)
            if message := inbox.next():
                for frame in await _answered(member, message):
                    await send(socket, frame)
            else:
                await inbox.wait()
    finally:
        del live.members[member]
        while message := inbox.next():
            await _answered(member, message)


async def _answered(member: Member, message: Message) -> list[bytes]:
    """Do what a message asks for, and return the frames of the answer, if there is one."""
    try:
        return await member.perform(message)
    except (ExperimentError, MessageError) as error:
        return [Error.of(message.id, error).encode()]


async def _refuse(socket: WebSocket, inbox: Inbox) -> None:
    for problem in inbox.problems():
        await send(socket, Error.of(problem.number, problem).encode())
