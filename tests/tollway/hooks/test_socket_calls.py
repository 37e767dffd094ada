"""Calls on WebSockets under limits: held before they leave, shrunk, refused; the socket stays open."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from tests.simulator import Simulator
from tests.tollway.spoken import COST, answering, completed, create, created, opened, talking, until
from tollway.budget.amounts import Amounts

DAY = "version: 1\nlimits: [{name: day, amount: %s, window: day, then: [%s]}]\n"
SLICED = DAY + "sockets: {slice: %s}\n"
REALTIME = "/v1/realtime?model=gpt-realtime"
SPOKEN = {
    "total_tokens": 300,
    "input_tokens": 100,
    "output_tokens": 200,
    "input_token_details": {"text_tokens": 100, "audio_tokens": 0, "cached_tokens": 0},
    "output_token_details": {"text_tokens": 0, "audio_tokens": 200},
}


def done(id: str, usage: Any = SPOKEN) -> str:
    """A spoken answer's last event."""
    return json.dumps(
        {"type": "response.done", "response": {"id": id, "status": "completed", "usage": usage}}
    )


async def test_a_refusal_leaves_the_socket_open(tmp_path: Path, sim: Simulator) -> None:
    """Of a call that is too large; the next one is not."""
    policy = DAY % ("0.02 USD", "block")
    async with talking(tmp_path, sim, answering, policy=policy) as running, opened(running) as socket:
        await socket.send(create(max_output_tokens=100_000))
        refused = await until(socket, "error", "response.completed")
        await socket.send(create())
        await until(socket, "response.completed")
        one, two = await running.calls(2)

    assert refused["type"] == "error"
    assert 'the limit "day" has' in refused["error"]["message"]
    assert (one.action, one.cost.nano, one.status) == ("block by day", 0, None)
    assert (two.action, two.cost.nano, two.limits) == (None, COST, ("day",))


async def test_a_call_is_clamped_to_what_is_left(tmp_path: Path, sim: Simulator) -> None:
    heard: list[dict[str, Any]] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(json.loads(message))
            await socket.send(created("resp_1"))
            await socket.send(completed("resp_1"))

    policy = DAY % ("0.2 USD", "clamp, block")
    async with talking(tmp_path, sim, talk, policy=policy) as running, opened(running) as socket:
        await socket.send(create(max_output_tokens=100_000))
        await until(socket, "response.completed")
        row = await running.call()

    (said,) = heard
    assert 4_000 < said["max_output_tokens"] < 15_000
    assert row.action == f"clamp {said['max_output_tokens']}"
    assert said | {"max_output_tokens": 1} == json.loads(create(max_output_tokens=1))


async def test_calls_behind_one_that_waits_are_asked_in_order(tmp_path: Path, sim: Simulator) -> None:
    """It waits until the call before it has ended; pings pass, and what the server says, too."""
    go = asyncio.Event()
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            said = json.loads(message)
            heard.append(said.get("input", said["type"]))
            if said["type"] == "response.create":
                await socket.send(created(f"resp_{said['input']}"))
                await go.wait()
                await socket.send(completed(f"resp_{said['input']}"))

    policy = DAY % ("0.02 USD", "wait 60s, block")
    async with talking(tmp_path, sim, talk, policy=policy) as running, opened(running) as socket:
        await socket.send(create(input="1"))
        await until(socket, "response.created")
        await socket.send(create(input="2"))
        await socket.send(json.dumps({"type": "response.cancel"}))
        await (await socket.ping())
        assert heard == ["1"]
        go.set()
        await until(socket, "response.completed")
        await until(socket, "response.completed")
        _, two = await running.calls(2)

    assert heard[:2] == ["1", "2"]
    assert two.action == "wait"


async def test_what_a_server_begins_holds_a_slice(tmp_path: Path, sim: Simulator) -> None:
    """Voice that fell silent: it is settled by its own last event."""

    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(created("resp_1"))
        await socket.send(done("resp_1"))
        await socket.wait_closed()

    policy = SLICED % ("1 USD", "block", "0.25 USD")
    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running, REALTIME) as socket:
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": "AAAA"}))
            await until(socket, "response.done")
            row = await running.call()

    assert row.bound == Amounts(nano=250_000_000, requests=1)
    assert (row.operation, row.error, row.model) == ("realtime", None, "gpt-realtime")
    assert (row.usage.output_audio_tokens, row.cost.flags) == (200, ())
    assert 0 < row.cost.nano < 250_000_000


async def test_the_socket_closes_when_the_money_ends(tmp_path: Path, sim: Simulator) -> None:
    closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        for n in range(3):
            await socket.send(created(f"resp_{n}"))
        await socket.send(done("resp_0"))
        await socket.wait_closed()
        closed.set_result(socket.close_code)

    policy = SLICED % ("0.60 USD", "block", "0.25 USD")
    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running, REALTIME) as socket:
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": "AAAA"}))
            with pytest.raises(ConnectionClosed) as told:
                await until(socket, "never")
        assert await asyncio.wait_for(closed, 60) == 1008
        rows = await running.calls(3)

    assert told.value.rcvd is not None
    assert told.value.rcvd.code == 1008
    assert 'the limit "day"' in told.value.rcvd.reason
    assert sum(row.cost.nano for row in rows) <= 850_000_000
    assert [row.error for row in rows].count("cut") == 2


async def test_what_a_server_begins_waits_for_what_another_answer_leaves(
    tmp_path: Path, sim: Simulator
) -> None:
    """Meanwhile all that is said passes, the end of that other answer among it."""

    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        for said in (created("resp_0"), created("resp_1"), done("resp_1"), done("resp_0"), created("resp_2")):
            await socket.send(said)
        await socket.recv()
        await socket.send(done("resp_2"))
        await socket.wait_closed()

    policy = SLICED % ("0.30 USD", "wait 60s, block", "0.25 USD")
    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running, REALTIME) as socket:
            append = json.dumps({"type": "input_audio_buffer.append", "audio": "AAAA"})
            await socket.send(append)
            await running.calls(2)
            await socket.send(append)
            rows = await running.calls(3)

    assert [(row.response_id, row.error) for row in rows] == [(f"resp_{n}", None) for n in range(3)]
    assert (rows[0].action, rows[1].action) == (None, "wait")


async def test_without_a_slice_nothing_is_spoken_under_a_hard_limit(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering, policy=DAY % ("1 USD", "block")) as running:
        async with opened(running, REALTIME) as socket:
            await socket.send(json.dumps({"type": "response.create", "event_id": "e1"}))
            refused = await until(socket, "error")
            row = await running.call()

    assert refused["error"]["event_id"] == "e1"
    assert "sockets: slice" in refused["error"]["message"]
    assert row.cost.nano == 0


async def test_an_answer_whose_client_left_is_read_to_its_end(tmp_path: Path, sim: Simulator) -> None:
    """Under a hard limit; its usage is known then."""
    gone = asyncio.Event()

    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(created("resp_1"))
        await gone.wait()
        await socket.send(completed("resp_1"))
        await socket.wait_closed()

    async with talking(tmp_path, sim, talk, policy=DAY % ("1 USD", "block")) as running:
        async with opened(running) as socket:
            await socket.send(create())
            await until(socket, "response.created")
            socket.transport.abort()
        gone.set()
        row = await running.call()

    assert (row.error, row.cost.nano, row.cost.flags) == ("abandoned", COST, ())


async def test_a_call_that_ends_with_its_socket_is_charged_at_its_bound(
    tmp_path: Path, sim: Simulator
) -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(created("resp_1"))
        socket.transport.abort()

    async with talking(tmp_path, sim, talk, policy=DAY % ("1 USD", "block")) as running:
        async with opened(running) as socket:
            await socket.send(create())
            with pytest.raises(ConnectionClosed):
                await until(socket, "never")
        row = await running.call()

    assert row.bound is not None
    assert (row.error, row.cost.nano) == ("cut", row.bound.nano)
    assert "charged_at_bound" in row.cost.flags


async def test_a_client_that_leaves_while_its_call_waits_is_charged_nothing(
    tmp_path: Path, sim: Simulator
) -> None:
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        async for message in socket:
            heard.append(json.loads(message)["input"])
            await socket.send(created("resp_1"))

    policy = DAY % ("0.02 USD", "wait 60s, block")
    async with talking(tmp_path, sim, talk, policy=policy) as running:
        async with opened(running) as first, opened(running) as second:
            await first.send(create(input="first"))
            await until(first, "response.created")
            await second.send(create(input="second"))
            await (await second.ping())
            await second.close()
            (row,) = await running.calls(1)

    assert heard == ["first"]
    assert (row.error, row.cost.nano, row.action) == ("abandoned", 0, None)
