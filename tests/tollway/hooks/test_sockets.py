"""Calls on WebSockets, over the whole road: metered, and passed on as they were said."""

import asyncio
import gc
import json
import os
import resource
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from h2.settings import SettingCodes
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.simulator import Scenario, Simulator
from tests.tollway.leftovers import connections, nothing_stays
from tests.tollway.road import road
from tests.tollway.spoken import COST, answering, completed, create, created, opened, talking, until
from tollway.engine.http_layer import flows_of
from tollway.model import Source
from tollway.observe.outcome import Outcome, outcome

MANY, DESCRIPTORS = 500, 4096


async def test_each_call_is_a_row(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering) as running, opened(running) as socket:
        for _ in range(2):
            await socket.send(create())
            await until(socket, "response.completed")
        one, two = await running.calls(2)

        assert [one.cost.nano, two.cost.nano] == [COST, COST]
        assert (one.operation, one.provider, one.status, one.error) == ("chat", "openai", 101, None)
        assert (one.response_id, two.response_id) == ("resp_1", "resp_2")
        assert await running.rows() == [one, two]


async def test_several_in_flight_are_told_apart(tmp_path: Path, sim: Simulator) -> None:
    """Answered in the other order, on lanes of their own."""

    async def talk(socket: ServerConnection) -> None:
        lanes = [json.loads(await socket.recv())["stream_id"] for _ in range(3)]
        for lane in lanes:
            await socket.send(created(f"resp_{lane}", stream_id=lane))
        for lane in reversed(lanes):
            usage = {"input_tokens": 100 * int(lane), "output_tokens": int(lane)}
            await socket.send(completed(f"resp_{lane}", usage, stream_id=lane))
        await socket.wait_closed()

    async with talking(tmp_path, sim, talk) as running, opened(running) as socket:
        for lane in "123":
            await socket.send(create(stream_id=lane, prompt_cache_key=f"s{lane}"))
        for _ in range(3):
            await until(socket, "response.completed")
        rows = await running.calls(3)

    assert [(row.response_id, row.session, row.usage.input_tokens) for row in rows] == [
        ("resp_3", "s3", 300),
        ("resp_2", "s2", 200),
        ("resp_1", "s1", 100),
    ]


@pytest.mark.parametrize("compression", ["deflate", None])
async def test_messages_pass_as_they_were_said(
    tmp_path: Path, sim: Simulator, compression: str | None
) -> None:
    """Text and binary, empty, in fragments, of 16 MB."""
    said: list[str | bytes] = [
        "",
        "ü" * 10,
        b"",
        bytes(range(256)),
        os.urandom(16 * 2**20),
        "x" * (16 * 2**20),
    ]

    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    async with talking(tmp_path, sim, echo) as running:
        async with opened(running, compression=compression) as socket:
            for message in said:
                await socket.send(message)
                assert await socket.recv() == message
            await socket.send(["in ", "three ", "pieces"])
            assert await socket.recv() == "in three pieces"
            async with asyncio.timeout(60):
                await (await socket.ping())
        assert running.ended == []


async def test_a_provider_that_pings_is_answered(tmp_path: Path, sim: Simulator) -> None:
    async def talk(socket: ServerConnection) -> None:
        await (await socket.ping(b"are you there"))
        await socket.send("yes")

    async with talking(tmp_path, sim, talk) as running, opened(running) as socket:
        assert await socket.recv() == "yes"


async def test_a_close_goes_through_with_its_reason(tmp_path: Path, sim: Simulator) -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.close(4001, "session expired")

    async with talking(tmp_path, sim, talk) as running, opened(running) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4001, "session expired")


async def test_a_client_s_close_goes_through(tmp_path: Path, sim: Simulator) -> None:
    told: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def talk(socket: ServerConnection) -> None:
        await socket.wait_closed()
        told.set_result(socket.close_code)

    async with talking(tmp_path, sim, talk) as running:
        async with opened(running) as socket:
            await socket.close(4002, "done")
        assert await asyncio.wait_for(told, 60) == 4002


async def test_a_provider_that_resets_leaves_an_estimate(tmp_path: Path, sim: Simulator) -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(created("resp_1"))
        await socket.send(json.dumps({"type": "response.output_text.delta", "delta": "some words " * 50}))
        socket.transport.abort()

    async with talking(tmp_path, sim, talk) as running, opened(running) as socket:
        await socket.send(create())
        with pytest.raises(ConnectionClosed):
            await until(socket, "never")
        row = await running.call()

    assert (row.error, row.cost.source) == ("cut", Source.ESTIMATED)
    assert (row.usage.output_tokens or 0) > 50


async def test_what_a_provider_refuses_costs_nothing(tmp_path: Path, sim: Simulator) -> None:
    async def talk(socket: ServerConnection) -> None:
        await socket.recv()
        error = {"type": "rate_limit_exceeded", "code": "rate_limit", "message": "slow down"}
        await socket.send(json.dumps({"type": "error", "status": 429, "error": error}))
        await socket.wait_closed()

    async with talking(tmp_path, sim, talk) as running, opened(running) as socket:
        await socket.send(create())
        await until(socket, "error")
        row = await running.call()

    assert (row.cost.nano, row.status, row.error) == (0, 101, "rate_limit_exceeded")
    assert outcome(row) is Outcome.FAILED


async def test_a_provider_that_does_not_open_it_is_heard(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering, host="api.mistral.ai") as running:
        with pytest.raises(InvalidStatus) as refused:
            async with opened(running, "/v1/responses"):
                pass

        assert refused.value.response.status_code != 101
        assert running.ended == []


@pytest.fixture
def files() -> Iterator[None]:
    """Descriptors for them all: each socket has four in this process."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most not in (resource.RLIM_INFINITY,) and most < DESCRIPTORS:
        pytest.skip(f"{DESCRIPTORS} open files are not allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS), most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))


@pytest.mark.usefixtures("files")
async def test_five_hundred_sockets_at_once(tmp_path: Path, sim: Simulator) -> None:
    """All are open before the first says anything."""
    async with talking(tmp_path, sim, answering) as running, AsyncExitStack() as stack:
        trust, turns = running.trust(), asyncio.Semaphore(50)

        async def one() -> ClientConnection:
            async with turns:  # that many at once shake hands
                return await stack.enter_async_context(opened(running, ssl=trust, open_timeout=120))

        async def asks(socket: ClientConnection) -> None:
            await socket.send(create())
            await until(socket, "response.completed")

        sockets = await asyncio.gather(*(one() for _ in range(MANY)))
        assert len(connections()) == MANY
        await asyncio.gather(*map(asks, sockets))
        rows = await running.calls(MANY)

    assert {row.cost.nano for row in rows} == {COST}
    assert len({row.id for row in rows}) == MANY


@pytest.mark.parametrize(("said", "status"), [("refuse", 426), ("meter", 101), ("pass", 101)])
async def test_the_policy_says_what_becomes_of_sockets(
    tmp_path: Path, sim: Simulator, said: str, status: int
) -> None:
    policy = f"version: 1\nfaults: {{websocket: {said}}}"
    async with talking(tmp_path, sim, answering, policy=policy) as running:
        try:
            async with opened(running) as socket:
                await socket.send(create())
                await until(socket, "response.completed")
                found = 101
        except InvalidStatus as refused:
            found = refused.response.status_code
        row = await running.call() if said != "refuse" else None

    assert found == status
    assert row is None or row.operation == "chat"
    assert row is None or bool(row.cost.nano) is (said == "meter")


async def test_where_answers_are_to_be_looked_through_there_are_no_sockets(
    tmp_path: Path, sim: Simulator
) -> None:
    policy = "version: 1\nguardrails: [{name: out, find: [email], in: response, do: block}]\n"
    async with talking(tmp_path, sim, answering, policy=policy) as running:
        with pytest.raises(InvalidStatus) as refused:
            async with opened(running):
                pass
        row = await running.call()

    assert refused.value.response.status_code == 426
    assert (row.error, row.cost.nano) == ("upgrade_required", 0)


OPENING = (
    b"GET /v1/responses HTTP/1.1\r\nHost: api.openai.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s\r\n"
)


async def test_extensions_that_nothing_here_reads_are_not_offered(tmp_path: Path, sim: Simulator) -> None:
    async with road(tmp_path, sim) as running, await running.raw() as raw:
        await raw.send(OPENING % b"Sec-WebSocket-Extensions: made-up; x=1, permessage-deflate\r\n")
        await raw.response("GET")

    assert sim.seen[0].header("sec-websocket-extensions") == "permessage-deflate"


async def test_what_was_agreed_on_and_can_not_be_read_is_not_opened(tmp_path: Path, sim: Simulator) -> None:
    """Nothing of it would be metered."""
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: %s\r\nConnection: Upgrade\r\n%s\r\n"
    for answer in (
        head % (b"websocket", b"Sec-WebSocket-Extensions: made-up\r\n"),
        head % (b"made-up", b""),
    ):
        sim.scenario = Scenario(raw=answer)
        async with road(tmp_path, sim) as running, await running.raw() as raw:
            await raw.send(OPENING % b"")
            assert (await raw.response("GET")).status == 502


async def test_nothing_of_what_was_said_is_kept(tmp_path: Path, sim: Simulator) -> None:
    """While the socket stands; and nothing at all once it has ended."""

    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    async with talking(tmp_path, sim, echo) as running:
        async with opened(running, compression=None) as socket:
            for _ in range(3):
                await socket.send(bytes(4 * 2**20))
                await socket.recv()
            (flow,) = [one for one in flows_of(connections()[0].client) if one.request.method == "GET"]
            sizes = [len(one) for one in gc.get_objects() if isinstance(one, bytearray)]
            assert flow.websocket is None
            assert flow.request.raw_content in (None, b"")
            assert max(sizes, default=0) < 2**20
        await nothing_stays(running)


async def test_over_http2_no_socket_is_offered(tmp_path: Path, sim: Simulator) -> None:
    """RFC 8441: whoever does not say so takes no extended CONNECT, so clients open theirs over HTTP/1.1."""
    async with road(tmp_path, sim) as running:
        client = await running.raw2()
        stream = await client.request("api.openai.com", "/v1/models", [], b"", method="GET")
        answer = await client.answer(stream)
        settings = client.h2.remote_settings
        client.raw.close()

    assert answer.status == 200
    assert settings.get(SettingCodes.ENABLE_CONNECT_PROTOCOL, 0) == 0
