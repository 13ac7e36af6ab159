"""A teacher's drag, 20 moves a second of 50 bars: when each student gets it, and how many bytes."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import connect

from bench.load import quantile
from bench.rooms.followers import Follower, Poller, following, new_room
from bench.rooms.labs import Lab

MOVES, BARS = 20, 50


async def drag(lab: Lab, students: int, posting: int, seconds: float) -> list[str]:
    """Return what those over a socket and those over HTTP get of a drag, and what it costs."""
    room = new_room(lab.url)
    over_sockets = [Follower(lab.url, room["code"], number) for number in range(students)]
    over_http = [Poller(lab.url, room["code"], number) for number in range(posting)]
    async with following([*over_sockets, *over_http]):
        await asyncio.sleep(1)
        for each in [*over_sockets, *over_http]:
            each.bytes = 0
        before, own = lab.computed, time.process_time()
        sent = await _moves(lab.url, room, seconds)
        await asyncio.sleep(1)
        server, clients = lab.computed - before, time.process_time() - own
    drawn = sum(len(each.strips) for each in [*over_sockets, *over_http])
    lines = [
        f"{len(everyone)} students over {way}: {_got(everyone, sent, seconds)}"
        for way, everyone in (("sockets", over_sockets), ("HTTP", over_http))
        if everyone
    ]
    return [
        *lines,
        f"processor time: {server:.2f} s of the server, {1e6 * server / drawn:.0f} µs a move and "
        f"student; {clients:.2f} s of the students' side, which shares the processors",
    ]


def _got(everyone: Sequence[Follower], sent: list[float], seconds: float) -> str:
    """Return what students got of the moves that were sent."""
    delays = [came - sent[move] for each in everyone for move, came in each.strips]
    got = len(delays) / (len(sent) * len(everyone))
    least = min(len(each.strips) for each in everyone) / seconds
    kbits = [each.bytes * 8 / 1000 / seconds for each in everyone]
    last = sum(bool(each.strips) and each.strips[-1][0] == len(sent) - 1 for each in everyone)
    return (
        f"p50 {1000 * quantile(delays, 0.5):.0f} ms, p95 {1000 * quantile(delays, 0.95):.0f} ms, "
        f"{quantile(kbits, 0.5):.0f} kbit/s each; {100 * got:.0f} % of the moves were drawn, "
        f"{least:.1f} a second by the slowest, the last one by {last} of {len(everyone)}"
    )


async def _moves(url: str, room: dict[str, Any], seconds: float) -> list[float]:
    """Drag as a teacher; return when each move was sent."""
    sent: list[float] = []
    address = f"{url.replace('http', 'ws', 1)}/api/rooms/{room['code']}"
    async with connect(address, compression=None, max_size=None) as teacher:
        await teacher.send(json.dumps({"id": 1, "join": room["token"]}))
        reading = asyncio.ensure_future(_read(teacher))
        begun = time.perf_counter()
        while (now := time.perf_counter()) - begun < seconds:
            move = {"address": {"recurrent_scale": len(sent) + 0.25}, "strip": [-0.123] * BARS}
            sent.append(now)
            await teacher.send(json.dumps({"id": 2, "do": "drive", **move}))
            await asyncio.sleep(len(sent) / MOVES - (time.perf_counter() - begun))
        reading.cancel()
    return sent


async def _read(socket: Any) -> None:
    async for _ in socket:
        pass
