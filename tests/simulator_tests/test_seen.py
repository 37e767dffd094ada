"""What was seen can be waited for, and the simulator's own mistakes come out."""

import asyncio
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client import RawClient

GET = b"GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n"


async def test_what_is_past_or_still_to_come_is_found(sim: Simulator) -> None:
    waiting = asyncio.ensure_future(sim.wait_for(lambda seen: seen.number == 2 and seen.complete))
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        for _ in range(2):
            await client.send(GET)
            await client.response("GET")

    assert (await waiting).number == 2
    assert (await sim.wait_for(lambda seen: seen.number == 1)).status == 200


async def test_what_never_comes_is_said_with_what_did(sim: Simulator) -> None:
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(GET)
        await client.response("GET")

    with pytest.raises(TimeoutError, match=r"/v1/models"):
        await sim.wait_for(lambda seen: seen.number == 7, timeout=0.01)


async def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    async with (
        Simulator(tmp_path, keep=3) as sim,
        await RawClient.open(sim.address, sim.plain_port) as client,
    ):
        for _ in range(5):
            await client.send(GET)
            await client.response("GET")

        assert [seen.number for seen in sim.seen] == [3, 4, 5]


async def test_reset_forgets(sim: Simulator) -> None:
    sim.scenario = Scenario(status=500)
    sim.on("*", "*", Scenario(status=500))
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(GET)
        await client.response("GET")
        sim.reset()
        await client.send(GET)

        assert (await client.response("GET")).status == 200
    assert [seen.number for seen in sim.seen] == [2]


async def test_a_mistake_of_the_simulators_fails_its_block(tmp_path: Path) -> None:
    sim = await Simulator(tmp_path).__aenter__()
    sim.scenario = Scenario(framing="length")
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(
            b'POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 15\r\n\r\n{"stream":true}'
        )
        assert (await client.response()).ended == "reset"

    with pytest.raises(RuntimeError, match="framing: length is impossible"):
        await sim.__aexit__(None, None, None)


async def test_leaving_the_block_ends_what_is_under_way(tmp_path: Path) -> None:
    async with Simulator(tmp_path) as sim:
        sim.scenario = Scenario(ttfb=60)
        client = await RawClient.open(sim.address, sim.plain_port)
        await client.send(GET)
        await sim.wait_for(lambda seen: True)

    assert await client.receive() == b""
    client.close()
    assert sim.seen[0].ended is not None


async def test_a_connection_without_a_word_is_remembered(sim: Simulator) -> None:
    client = await RawClient.open(sim.address, sim.plain_port)
    await client.send(b"PRI")
    client.close()
    async with await RawClient.open(sim.address, sim.plain_port) as other:
        await other.send(GET)
        await other.response("GET")

    assert [connection.requests for connection in sim.connections] == [0, 1]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("api.anthropic.com", "/api/event_logging/v2/batch", 200),
        ("api.anthropic.com", "/api/claude_code/settings", 404),
        ("api.anthropic.com", "/v1/models", 200),
        ("chatgpt.com", "/backend-api/codex/models", 200),
        ("cloudcode-pa.googleapis.com", "/v1internal:loadCodeAssist", 200),
        ("play.googleapis.com", "/log", 200),
        ("api.openai.com", "/nowhere", 404),
    ],
)
async def test_other_calls_of_agents_get_small_json(
    sim: Simulator, host: str, path: str, status: int
) -> None:
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
        answer = await client.response()

    assert (answer.status, answer.header("content-type")) == (status, "application/json")
    assert sim.seen[0].dialect == ""
