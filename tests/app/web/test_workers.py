"""Places for runs: bounded, in order, and shared out among clients."""

import asyncio
import threading
from contextlib import AsyncExitStack

import pytest

from unrolled.app.errors import MessageError
from unrolled.app.web.workers import Pool

pytestmark = pytest.mark.anyio


@pytest.fixture
def pool():
    pool = Pool("test", places=4, threads=1, patience=0, share=1 / 2)
    yield pool
    pool.close()


@pytest.fixture
def patient():
    pool = Pool("test", places=1, threads=1, patience=60)
    yield pool
    pool.close()


async def test_one_client_leaves_places_for_the_others(pool):
    async with pool.place("a"), pool.place("a"):
        with pytest.raises(MessageError) as refused:
            async with pool.place("a"):
                pass
        assert refused.value.code == "busy"
        async with pool.place("b"):
            pass
    async with pool.place("a"):
        pass


async def test_there_are_no_more_places_than_were_set(pool):
    async with pool.place("a"), pool.place("a"), pool.place("b"), pool.place("b"):
        with pytest.raises(MessageError):
            async with pool.place("c"):
                pass


async def test_those_who_wait_come_in_order(patient):
    order = []

    async def come(name):
        async with patient.place(name):
            order.append(name)

    async with patient.place("first"):
        waiting = [asyncio.create_task(come(name)) for name in "abc"]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == ["a", "b", "c"]


@pytest.mark.parametrize("free", [False, True], ids=["while waiting", "as a place comes free"])
async def test_a_request_that_leaves_the_queue_takes_no_place(patient, free):
    async def come():
        async with patient.place("b"):
            raise AssertionError("it left before")

    async with AsyncExitStack() as first:
        await first.enter_async_context(patient.place("a"))
        waiting = asyncio.create_task(come())
        await asyncio.sleep(0)
        if free:
            await first.aclose()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with patient.place("c"):
        pass


async def test_a_request_that_gives_up_as_a_place_comes_free_is_not_let_in(patient):
    async def come():
        async with patient.place("b"):
            raise AssertionError("it gave up")

    async with patient.place("a"):
        waiting = asyncio.create_task(come())
        await asyncio.sleep(0)
        waiting.cancel()
    async with patient.place("c"):
        pass
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_function_that_does_not_come_back_is_noticed(patient):
    begun, end = threading.Event(), threading.Event()

    def stuck():
        begun.set()
        end.wait()

    assert patient.longest() == 0
    running = asyncio.create_task(patient.run(stuck))
    await asyncio.to_thread(begun.wait)
    first = patient.longest()
    assert 0 < first < patient.longest()
    end.set()
    await running
    assert patient.longest() == 0


async def test_a_request_in_the_queue_knows_how_many_come_first_and_can_give_up(patient):
    heard = {"b": [], "c": []}

    async def come(name):
        async def told(before):
            heard[name].append(before)

        async with patient.place(name, told):
            pass

    async def gives_up(before):
        raise LookupError(before)

    async with patient.place("a"):
        waiting = [asyncio.create_task(come(name)) for name in "bc"]
        await asyncio.sleep(0)
        with pytest.raises(LookupError, match="2"):
            async with patient.place("d", gives_up):
                pass
    await asyncio.gather(*waiting)
    assert heard == {"b": [0], "c": [1]}
