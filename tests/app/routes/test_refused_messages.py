"""A message that is refused changes nothing of what is under way."""

import pytest

from tests.app.routes.test_stream import LARGEST, ask, connected, receive, until_end

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("message", "number", "code"),
    [
        ("{", None, "json_ends"),
        (b"\x00", None, "binary"),
        ('{"id": 2}', 2, "key_missing"),
        ('{"id": 2, "experiment": {"hidden_size": 0}}', 2, "integer"),
        ('{"id": 2, "experiment": {"checkpoint": "none-1"}}', 2, "forgotten"),
    ],
)
async def test_a_run_goes_on_to_its_end_beside_a_message_that_is_refused(
    server, message, number, code
):
    async with connected(server) as socket:
        await ask(socket, 1, **LARGEST | {"hidden_size": 64})
        await receive(socket)
        await socket.send(message)
        headers = []
        while not {"end", "error"} <= {each["type"] for each in headers}:
            headers.append((await receive(socket))[0])
    (refused,) = [each for each in headers if each["type"] == "error"]
    assert (refused["id"], refused["code"]) == (number, code)


async def test_a_request_is_answered_though_a_damaged_message_follows_at_once(server):
    async with connected(server) as socket:
        await ask(socket, 1)
        await socket.send("{")
        assert (await until_end(socket, 1))[-1]["type"] == "end"


async def test_a_request_that_is_refused_and_one_that_is_not_are_both_answered(server):
    async with connected(server) as socket:
        await ask(socket, 1, **LARGEST)
        await receive(socket)
        await ask(socket, 2, hidden_size=0)
        while (await receive(socket))[0]["id"] != 2:
            pass
        await ask(socket, 3)
        headers = await until_end(socket, 3)
    assert ("end", 1) not in [(each["type"], each["id"]) for each in headers]
