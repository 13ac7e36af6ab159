"""A room without a socket: each message is posted, and what is new is asked for again and again."""

import asyncio
from typing import Any

from unrolled.app.errors import MessageError
from unrolled.app.rooms.live import Live
from unrolled.app.rooms.member import Member
from unrolled.app.rooms.messages import Join, Message, message_of
from unrolled.app.rooms.registry import Rooms
from unrolled.app.runs.frames import Error
from unrolled.app.runs.requests import parse_object
from unrolled.engine import ExperimentError

LONGEST_WAIT, TEACHERS_WAIT = 15.0, 1.0
"""Seconds until an answer without news; a teacher is told by each who is there."""


def read_posted(body: bytes) -> tuple[Message, str]:
    """Return a message, and the token of who sends it; raises ``MessageError``."""
    fields = parse_object(body)
    token = fields.get("join", "")
    if "do" in fields:
        fields = {name: value for name, value in fields.items() if name != "join"}
    return message_of(fields), token if isinstance(token, str) else ""


async def answered(
    rooms: Rooms, live: Live, message: Message, token: str, client: str, left: asyncio.Future[Any]
) -> bytes:
    """Return the frames that answer a message, without further wait once its sender has ``left``.

    Raises ``MessageError`` on a message that is refused.
    """
    if isinstance(message, Join):
        who = await rooms.admit(live, message, client)
    else:
        who = await rooms.known(live.code, live.state, token, client)
    if not live.visited(who, rooms.most_messages):
        raise MessageError("room_hasty", message.id, limit=rooms.most_messages)
    member = Member(live, rooms.store, who)
    if not isinstance(message, Join):
        try:
            return b"".join(await member.perform(message))
        except (ExperimentError, MessageError) as error:
            return Error.of(message.id, error).encode()
    await _news(live, message, who.student, left)
    run, moved = live.run, live.moved_since(message.seen) if who.student else None
    frames = [moved or await member.welcome(message.id)]
    if run and run.seq != message.run:
        frames += run.frames
    frames += member.trained(message.trained)
    if who.teacher:
        frames.append(member.attendance())
    return b"".join(frames)


async def _news(live: Live, message: Join, student: str, left: asyncio.Future[Any]) -> None:
    """Wait for what a page that has joined before has not seen."""
    news, key = asyncio.Event(), object()
    left.add_done_callback(lambda _: news.set())
    live.members[key] = (student, news.set)
    try:
        async with asyncio.timeout(LONGEST_WAIT if student else TEACHERS_WAIT):
            while message.seen == live.seq and not live.over and not left.done():
                if live.run and live.run.seq != message.run:
                    return
                places = ((each.place, name) for name, each in live.trainings.items())
                if any(place != message.trained.get(name) for place, name in places):
                    return
                await news.wait()
                news.clear()
    except TimeoutError:
        pass
    finally:
        del live.members[key]
