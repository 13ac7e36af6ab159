"""The way of a page to its run: in this process, or through this one in another."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from fastapi import WebSocketDisconnect
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import WebSocketException

from unrolled.app.errors import MessageError, described
from unrolled.app.relay.page import Refuse, Sent, attended
from unrolled.app.runs.frames import Error
from unrolled.app.training.commands import Orders
from unrolled.app.training.messages import ForRun, parse_message
from unrolled.app.training.processes import CLIENT
from unrolled.app.training.trainer import Refused
from unrolled.app.training.watched import tell
from unrolled.app.web.bodies import REFUSED
from unrolled.engine import ExperimentError

MOMENT = 0.5
"""The approximate seconds that one POST trains."""
LOST = (OSError, WebSocketException)
"""What is raised where another process is gone."""


async def follow(state: Any, client: str, orders: Orders, sent: Sent, refused: Refuse) -> None:
    """Execute the commands of a page until it leaves, or the process of its run has ended."""
    async with attended(state, client, orders, sent, refused) as page:
        while orders.open:
            await orders.wait()
            await page.refuse()
            if orders.elsewhere:
                await page.leave()
                await _pass_on(state, client, orders, sent, refused)
            else:
                await page.follow()


async def _pass_on(state: Any, client: str, orders: Orders, sent: Sent, refused: Refuse) -> None:
    """Pass the commands of a page on to another process, and its frames back."""
    try:
        async with state.processes.reach(orders.elsewhere, "train", client) as other:
            bringing = asyncio.create_task(_bring(other, orders, sent))
            try:
                while orders.open:
                    for text in orders.passed():
                        await other.send(text)
                    await orders.wait()
            finally:
                bringing.cancel()
    except LOST:
        number = orders.stay()
        await refused(number, MessageError("training_gone"))


async def _bring(other: ClientConnection, orders: Orders, sent: Sent) -> None:
    with suppress(WebSocketDisconnect, *LOST):
        async for frame in other:
            assert isinstance(frame, bytes)
            await sent(frame)
    orders.close()


async def moment(state: Any, client: str, text: str) -> bytes:
    """Return the frames of the moment for which a message trains; raises what is wrong with it."""
    message = parse_message(text)
    key = getattr(message, "key", None) or getattr(message, "find", None)
    if key is None or not state.processes.have(key):
        return await _moment_here(state, client, text)
    try:
        async with state.processes.reach(key, "moment", client) as other:
            await other.send(text)
            answer = await other.recv()
    except LOST:
        raise MessageError("training_gone", message.id) from None
    if isinstance(answer, bytes):
        return answer
    raise _error_in(json.loads(answer))


async def _moment_here(state: Any, client: str, text: str) -> bytes:
    orders, frames = Orders(), []

    async def sent(frame: bytes) -> None:
        frames.append(frame)

    async def refused(number: int | None, problem: Refused) -> None:
        if not frames:
            raise problem
        frames.append(Error.of(number, problem).encode())

    message = parse_message(text)
    key = getattr(message, "key", None)
    if isinstance(message, ForRun) and key is None:
        raise MessageError("key_missing", message.id, "key")
    async with attended(state, client, orders, sent, refused) as page:
        if key is not None:
            orders.put(json.dumps({"id": message.id, "find": key}))
            await page.find()
            frames.clear()
        orders.put(text)
        if problems := orders.problems():
            raise problems[0]
        asyncio.get_running_loop().call_later(MOMENT, orders.close)
        await page.follow()
    return b"".join(frames)


async def answer(state: Any, other: ServerConnection) -> None:
    """Answer another process: for a page of its own, or for a class that watches."""
    assert other.request
    way, _, name = other.request.path.lstrip("/").partition("/")
    client = other.request.headers.get(CLIENT, "")
    with suppress(WebSocketDisconnect, *LOST):
        match way:
            case "train":
                await _attend(state, client, other)
            case "moment":
                await other.send(await _moment_told(state, client, await other.recv()))
            case "watch":
                await tell(state.trainings, other, name)


async def _attend(state: Any, client: str, other: ServerConnection) -> None:
    async def refused(number: int | None, problem: Refused) -> None:
        await other.send(Error.of(number, problem).encode())

    async def read() -> None:
        with suppress(WebSocketException):
            async for text in other:
                orders.put(text if isinstance(text, str) else None)
        orders.close()

    async def sent(frame: bytes) -> None:
        try:
            await other.send(frame)
        except LOST:
            raise WebSocketDisconnect(1006) from None

    orders = Orders(state.processes.have)
    reading = asyncio.create_task(read())
    try:
        await follow(state, client, orders, sent, refused)
    finally:
        reading.cancel()


async def _moment_told(state: Any, client: str, text: str | bytes) -> bytes | str:
    """Return the frames of a moment, or as text what is wrong with the message."""
    try:
        return await _moment_here(state, client, str(text))
    except REFUSED as error:
        kind = "experiment" if isinstance(error, ExperimentError) else "message"
        return json.dumps({**described(error), "kind": kind, "id": getattr(error, "number", None)})


def _error_in(told: dict[str, Any]) -> Refused:
    if told["kind"] == "experiment":
        return ExperimentError(told["field"], told["code"], **told["details"])
    return MessageError(told["code"], told["id"], told["field"], **told["details"])
