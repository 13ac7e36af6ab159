"""Both stores keep the same promises."""

import asyncio

import pytest

from tests.redis_server import RedisServer, missing
from unrolled.app.errors import MessageError
from unrolled.app.rooms.redis_store import RedisStore
from unrolled.app.rooms.state import fresh, with_changes
from unrolled.app.rooms.store import EmbeddedStore, Entry

pytestmark = pytest.mark.anyio
STATE = fresh(False, 1, 2**42)


@pytest.fixture(scope="module")
def redis():
    if missing():
        pytest.skip(missing())
    with RedisServer() as server:
        yield server


async def emptied(redis):
    store = RedisStore(redis.url)
    await store._redis.flushall()
    return store


@pytest.fixture(params=["embedded", "redis"])
async def store(request):
    found: EmbeddedStore | RedisStore = EmbeddedStore()
    if request.param == "redis":
        found = await emptied(request.getfixturevalue("redis"))
    yield found
    await found.close()


async def test_of_two_states_put_at_once_one_comes_first(store):
    assert await store.begin("BBBBBB", STATE, 10)
    assert not await store.begin("BBBBBB", STATE, 10)
    new = [with_changes(STATE, {"step": f"{n}"}) for n in range(10)]
    put = await asyncio.gather(*(store.put("BBBBBB", Entry(2, state)) for state in new))
    assert sum(put) == 1
    assert await store.newest("BBBBBB") == Entry(2, new[put.index(True)])
    assert not await store.put("CCCCCC", Entry(2, STATE))


async def test_a_follower_that_is_late_has_the_newest_state_alone(store):
    await store.begin("BBBBBB", STATE, 10)
    for n in range(2, 40):
        assert await store.put("BBBBBB", Entry(n, with_changes(STATE, {"playhead": n})))
    follower = store.changes("BBBBBB", 1)
    assert (await anext(follower)).seq == 39
    waiting = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(0)
    await store.put("BBBBBB", Entry(40, STATE))
    assert await asyncio.wait_for(waiting, 5) == Entry(40, STATE)


async def test_the_last_vote_counts_and_none_after_the_end_of_its_round(store):
    await store.begin("BBBBBB", STATE, 10)
    for answer in ("a", "b", "b"):
        assert await store.vote("BBBBBB", "1.1", "x", answer)
    await store.close_round("BBBBBB", "1.1")
    assert not await store.vote("BBBBBB", "1.1", "x", "c")
    assert not await store.vote("CCCCCC", "1.1", "x", "c")
    assert await store.vote("BBBBBB", "1.2", "x", "c")
    assert await store.read("BBBBBB", "votes 1.1") == {"x": "b"}


async def test_a_room_that_ends_leaves_nothing_and_frees_its_place(store):
    await store.begin("BBBBBB", STATE, 1)
    with pytest.raises(MessageError, match="the most at once"):
        await store.begin("CCCCCC", STATE, 1)
    await store.write("BBBBBB", "offers", {"x": "1", "y": "2"})
    await store.erase("BBBBBB", "offers", "x")
    assert await store.read("BBBBBB", "offers") == {"y": "2"}
    await store.end("BBBBBB")
    assert await store.read("BBBBBB", "offers") == {}
    assert await store.begin("CCCCCC", STATE, 1)


async def test_everything_of_a_room_in_redis_expires_with_it(redis):
    store = await emptied(redis)
    await store.begin("BBBBBB", STATE, 10)
    await store.vote("BBBBBB", "1.1", "x", "a")
    await store.close_round("BBBBBB", "1.1")
    await store.write("BBBBBB", "here", {"x": "1"})
    keys = [key async for key in store._redis.scan_iter(match="unrolled:room:*")]
    assert len(keys) == 4
    assert all([await store._redis.pexpiretime(key) <= 2**42 + 1000 for key in keys])
    assert all([await store._redis.pexpiretime(key) > 0 for key in keys])
    await store.close()


async def test_a_room_of_redis_that_is_gone_is_said_to_be_out_of_reach(monkeypatch):
    monkeypatch.setattr("unrolled.app.rooms.redis_store.TRIES", 1)
    store = RedisStore("unix:///nowhere/socket")
    with pytest.raises(MessageError, match="cannot be reached"):
        await store.newest("BBBBBB")
    await store.close()


async def test_a_lost_connection_comes_back_by_itself_and_loses_no_vote():
    if missing():
        pytest.skip(missing())
    with RedisServer() as redis:
        store = RedisStore(redis.url)
        await store.begin("BBBBBB", STATE, 10)
        follower = store.changes("BBBBBB", 1)
        waiting = asyncio.ensure_future(anext(follower))
        votes = [
            asyncio.ensure_future(store.vote("BBBBBB", "1.1", f"{n}", "a")) for n in range(100)
        ]
        await asyncio.wait(votes, return_when=asyncio.FIRST_COMPLETED)
        redis.kill()
        late = [store.vote("BBBBBB", "1.1", f"late {n}", "a") for n in range(100)]
        kept = asyncio.gather(*votes, *late)
        await asyncio.sleep(0.3)
        redis.start()
        assert all(await kept)
        assert len(await store.read("BBBBBB", "votes 1.1")) == 200
        await store.put("BBBBBB", Entry(2, STATE))
        assert (await asyncio.wait_for(waiting, 5)).seq == 2
        await store.close()
