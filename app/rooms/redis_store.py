"""Rooms in Redis, which several processes share.

The states of a room are a stream of bounded length, whose ids are their numbers: 0-1, 0-2, ...
Redis refuses an id that is not larger than the last, so that of two states put at the same time one
comes first, and the other is made anew. The tables are hashes, and all of it expires with the room.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as LateError

from unrolled.app.errors import MessageError
from unrolled.app.rooms.state import RoomState
from unrolled.app.rooms.store import Entry, Table, votes_table

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

CONNECTIONS = 16
TRIES, LONGEST_PAUSE = 20, 0.5
"""How often a command is tried while Redis is away, and seconds between, at most: 8 s in all."""
MOST_STATES = 16
"""Of a stream: a process that has missed some needs the newest alone."""
BLOCK_SECONDS, ANSWER_SECONDS = 2.0, 5.0
END_SECONDS = 5
"""Seconds for which the last state is kept, so that every process sees it."""
_ROOMS, _SECRET = "unrolled:rooms", "unrolled:secret"

_BEGIN = """
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, ARGV[1])
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[2]) then return -1 end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('XADD', KEYS[1], '0-1', 'state', ARGV[3])
redis.call('PEXPIREAT', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[5])
return 1
"""
_WRITE = """
local left = redis.call('PTTL', KEYS[1])
if left < 0 or redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[3], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[3], left)
return 1
"""
"""Write into a table of a room, unless the round of that name is closed."""
_CLOSE = """
local left = redis.call('PTTL', KEYS[1])
if left < 0 then return 0 end
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], left)
return 1
"""


def _reached(
    method: Callable[Arguments, Coroutine[Any, Any, Result]],
) -> Callable[Arguments, Coroutine[Any, Any, Result]]:
    """Raise ``MessageError`` where Redis stays away."""

    @wraps(method)
    async def tried(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return await method(*args, **kwargs)
        except RedisError:
            raise MessageError("rooms_away") from None

    return tried


class RedisStore:
    """Rooms in the Redis at a URL, which is reached again by itself when the connection is lost."""

    def __init__(self, url: str) -> None:
        retry = Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=0.02), TRIES)
        options: dict[str, Any] = {
            "decode_responses": True,
            "protocol": 2,
            "retry": retry,
            "retry_on_error": [LostError, LateError],
            "socket_timeout": ANSWER_SECONDS,
        }
        pool = BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=None, **options
        )
        self._redis: Any = Redis.from_pool(pool)
        self._listening: Any = Redis.from_url(url, **options)
        """For commands that wait, of which each takes a connection."""
        self._begin: Any = self._redis.register_script(_BEGIN)
        self._write: Any = self._redis.register_script(_WRITE)
        self._close: Any = self._redis.register_script(_CLOSE)
        self._secret: str | None = None

    @_reached
    async def secret(self) -> str:
        if self._secret is None:
            await self._redis.set(_SECRET, secrets.token_hex(32), nx=True)
            self._secret = cast(str, await self._redis.get(_SECRET))
        return self._secret

    @_reached
    async def begin(self, code: str, state: RoomState, most: int) -> bool:
        keys, ends = [_key(code), _ROOMS], state["ends"]
        args: list[str | int] = [state["opened"], most, _text(state), ends, code]
        begun = await self._begin(keys, args)
        if begun < 0:
            raise MessageError("rooms_full", limit=most)
        return bool(begun)

    @_reached
    async def newest(self, code: str) -> Entry | None:
        found = await self._redis.xrevrange(_key(code), count=1)
        return _entry(found[0]) if found else None

    @_reached
    async def put(self, code: str, entry: Entry) -> bool:
        fields, number = {"state": _text(entry.state)}, f"0-{entry.seq}"
        try:
            return bool(
                await self._redis.xadd(
                    _key(code),
                    fields,
                    id=number,
                    maxlen=MOST_STATES,
                    approximate=False,
                    nomkstream=True,
                )
            )
        except ResponseError:  # another state has this number
            return False

    async def changes(self, code: str, after: int) -> AsyncIterator[Entry]:
        while True:
            try:
                found = await self._listening.xread(
                    {_key(code): f"0-{after}"}, block=round(1000 * BLOCK_SECONDS)
                )
            except RedisError:
                await asyncio.sleep(LONGEST_PAUSE)
                continue
            for _, entries in found:
                entry = _entry(entries[-1])
                after = entry.seq
                yield entry

    @_reached
    async def vote(self, code: str, round_: str, student: str, answer: str) -> bool:
        keys = [_key(code), _key(code, "closed"), _key(code, votes_table(round_))]
        return bool(await self._write(keys, [round_, student, answer]))

    @_reached
    async def close_round(self, code: str, round_: str) -> None:
        await self._close([_key(code), _key(code, "closed")], [round_])

    @_reached
    async def read(self, code: str, table: str) -> Table:
        return cast(Table, await self._redis.hgetall(_key(code, table)))

    @_reached
    async def write(self, code: str, table: str, entries: Mapping[str, str]) -> None:
        keys = [_key(code), _key(code, "closed"), _key(code, table)]
        pairs = [text for pair in entries.items() for text in pair]
        await self._write(keys, ["", *pairs])

    @_reached
    async def erase(self, code: str, table: str, name: str) -> None:
        await self._redis.hdel(_key(code, table), name)

    @_reached
    async def end(self, code: str) -> None:
        await self._redis.zrem(_ROOMS, code)
        async for key in self._redis.scan_iter(match=f"{_key(code)} *"):
            await self._redis.delete(key)
        await self._redis.expire(_key(code), END_SECONDS)

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()
        await self._listening.aclose()


def _key(code: str, table: str = "") -> str:
    """Return the key of a room's stream, or of one of its tables."""
    return f"unrolled:room:{code} {table}" if table else f"unrolled:room:{code}"


def _text(state: RoomState) -> str:
    return json.dumps(state, separators=(",", ":"), ensure_ascii=False)


def _entry(found: tuple[str, dict[str, str]]) -> Entry:
    number, fields = found
    return Entry(int(number.partition("-")[2]), json.loads(fields["state"]))
