"""WebSockets as such: the upgrade, frames, compression, control frames, and every way to end."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus

from tests.simulator import Cut, Scenario, Simulator, Socket
from tests.simulator.client import RawClient
from tests.simulator_tests.talking import kinds, talk

HOST, PATH = "api.openai.com", "/v1/responses"
CREATE, DONE = "response.create", "response.completed"
OPEN = Scenario(websocket=101)


def asked(host: str = HOST, path: str = PATH, extra: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\n{extra}\r\n"
    ).encode()


async def test_an_upgrade_is_taken_where_the_scenario_says_so(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, headers=(("x-request-id", "1"),))

    async with talk(sim, HOST, PATH) as client:
        answer = client.socket.response
        assert answer is not None
        assert (answer.status_code, answer.headers["x-request-id"]) == (101, "1")

    seen = await sim.wait_for(lambda s: s.complete)
    assert (seen.status, seen.dialect, seen.socket and seen.socket.closed) == (
        101,
        "openai_responses",
        (1000, ""),
    )


async def test_an_upgrade_is_refused_unless_the_scenario_says_so(sim: Simulator) -> None:
    with pytest.raises(InvalidStatus, match="426"):
        async with talk(sim, HOST, PATH):
            pass


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [(asked(), 400), (asked(path="/v1/files", extra="Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"), 404)],
)
async def test_what_is_no_upgrade_is_refused(sim: Simulator, request_bytes: bytes, status: int) -> None:
    """Without a key, and where nothing is spoken."""
    sim.scenario = OPEN
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(request_bytes)

        assert (await client.response("GET")).status == status


async def test_a_subprotocol_is_agreed_on(sim: Simulator) -> None:
    """Browsers put their keys into further ones."""
    sim.scenario = OPEN

    async with talk(
        sim, HOST, "/v1/realtime", subprotocols=["realtime", "openai-insecure-api-key.k"]
    ) as client:
        assert client.socket.subprotocol == "realtime"


@pytest.mark.parametrize(
    ("offered", "wanted", "agreed"),
    [("deflate", True, True), ("deflate", False, False), (None, True, False)],
)
async def test_compression_is_agreed_on(
    sim: Simulator, offered: str | None, wanted: bool, agreed: bool
) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(deflate=wanted), text="x" * 10_000, events=1)

    async with talk(sim, HOST, PATH, compression=offered) as client:
        await client.send(CREATE, input="y" * 10_000)
        await client.until(DONE)

    socket = sim.seen[0].socket
    assert socket is not None
    assert (socket.deflates, socket.heard[0].json["input"]) == (agreed, "y" * 10_000)


async def test_messages_come_in_fragments_with_pings_between(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(fragments=7, pings=5), events=2, text="ä€😀" * 9)

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE)
        came = await client.until(DONE)
        await (await client.socket.ping())

    assert came[-1]["response"]["output"][0]["content"][0]["text"] == "ä€😀" * 18
    seen = await sim.wait_for(lambda s: s.complete)
    assert seen.socket is not None
    assert seen.socket.pongs > 10
    assert seen.socket.pings == 1


async def test_fragments_of_the_client_are_one_message(sim: Simulator) -> None:
    sim.scenario = OPEN

    async with talk(sim, HOST, PATH) as client:
        await client.socket.send(iter(['{"type":', '"response', '.create"}']))
        await client.until(DONE)

    socket = sim.seen[0].socket
    assert socket is not None
    assert (socket.types, socket.heard[0].frames) == ([CREATE], 4)


async def test_messages_of_16_mb_pass_both_ways(sim: Simulator) -> None:
    size = 16 << 20
    sim.scenario = Scenario(websocket=101, events=1, text="x" * size)

    async with talk(sim, HOST, PATH, compression=None, max_size=None) as client:
        await client.send(CREATE, input="y" * size)
        came = await client.until("response.output_text.delta")

    assert len(came[-1]["delta"]) == size
    socket = sim.seen[0].socket
    assert socket is not None
    assert (socket.heard[0].body.size > size, socket.heard[0].body.whole) == (True, False)


async def test_a_body_of_ones_own_is_one_message_or_one_for_each_event(sim: Simulator) -> None:
    own = (
        Scenario(body=b'event: a\ndata: {"type":"a"}\n\ndata: {"type":"b"}\n\n'),
        Scenario(body=b'{"type":"c"}'),
    )
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=own))

    async with talk(sim, HOST, PATH) as client:
        for _ in own:
            await client.send(CREATE)
        await client.until("c")

    assert kinds(client.heard) == ["a", "b", "c"]


async def test_calls_keep_their_time(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, ttfb=0.02, first_event=0.02, interval=0.01, events=1)
    loop = asyncio.get_running_loop()

    async with talk(sim, HOST, PATH) as client:
        start = loop.time()
        await client.send(CREATE)
        await client.until("response.created")
        assert loop.time() - start >= 0.02
        came = await client.until(DONE)
        assert loop.time() - start >= 0.04 + 0.01 * len(came)


async def test_an_answer_waits_behind_its_gate(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(Scenario(gate="first"),)))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE, stream_id="a")
        await sim.wait_for(lambda s: s.socket is not None and s.socket.calls == 1)
        await client.send(CREATE, stream_id="b")
        before = await client.until(DONE)
        sim.open("first")
        after = await client.until(DONE)

    assert {event["stream_id"] for event in before} == {"b"}
    assert {event["stream_id"] for event in after} == {"a"}


@pytest.mark.parametrize("how", ["close", "abrupt", "reset"])
@pytest.mark.parametrize("cut", [Cut(), Cut(after_events=3), Cut(after_bytes=300)])
async def test_a_call_may_break_the_socket_off(sim: Simulator, how: str, cut: Cut) -> None:
    scenario = Scenario(cut=Cut(how=how, after_events=cut.after_events, after_bytes=cut.after_bytes))  # type: ignore[arg-type]
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(scenario,)))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE)
        with pytest.raises(ConnectionClosedError):
            await client.until(DONE)

    seen = sim.seen[0]
    assert seen.socket is not None
    assert (seen.complete, seen.client_left, seen.socket.over, seen.socket.calls) == (False, False, 0, 1)
    assert seen.events_written == (1 if cut.after_bytes else cut.after_events or 0)


async def test_a_socket_may_be_closed_without_a_terminal_event(sim: Simulator) -> None:
    cut = Scenario(cut=Cut(how="end", after_events=4))
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(cut,), code=1011, reason="Going away."))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE)
        with pytest.raises(ConnectionClosed) as closed:
            await client.until(DONE)

    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1011, "Going away.")
    assert len(client.heard) == 4
    assert (await sim.wait_for(lambda s: s.complete)).events_written == 4


async def test_a_server_closes_after_so_many_calls(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(ends_after=2))

    async with talk(sim, HOST, PATH) as client:
        for _ in range(2):
            await client.send(CREATE)
            await client.until(DONE)
        await client.socket.wait_closed()

    seen = await sim.wait_for(lambda s: s.complete)
    assert seen.socket is not None
    assert (seen.socket.over, seen.socket.closed) == (2, (1000, ""))


async def test_a_call_that_hangs_leaves_the_others_be(sim: Simulator) -> None:
    hangs = Scenario(cut=Cut(how="hang", after_events=2))
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(hangs,)))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE, stream_id="a")
        await client.send(CREATE, stream_id="b")
        came = await client.until(DONE)

    assert [event["stream_id"] for event in came].count("a") == 2
    assert came[-1]["stream_id"] == "b"


async def test_a_client_that_leaves_is_noticed(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, events=1000, interval=0.005)

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE)
        await client.until("response.created")
        client.socket.transport.abort()
        seen = await sim.wait_for(lambda s: s.client_left)

    assert (seen.complete, seen.ended is not None) == (False, True)


async def test_frames_that_are_none_close_the_socket(sim: Simulator) -> None:
    """A client has to mask what it sends."""
    sim.scenario = OPEN
    async with await RawClient.open(sim.address, sim.plain_port) as client:
        await client.send(asked(extra="Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n") + b"\x81\x02{}")
        await client.receive_until(lambda data: False)

    seen = sim.seen[0]
    assert seen.socket is not None
    assert seen.socket.closed is not None
    assert seen.socket.closed[0] == 1002


async def test_what_was_heard_is_told_to_other_processes(sim: Simulator) -> None:
    sim.scenario = OPEN
    async with talk(sim, HOST, PATH, compression=None) as client:
        await client.send(CREATE)
        await client.until(DONE)
        await client.socket.send("no json")
        await client.until("error")
    await sim.wait_for(lambda s: s.complete)

    async with await RawClient.open(sim.address, sim.plain_port) as other:
        await other.send(b"GET /__seen HTTP/1.1\r\nHost: h\r\n\r\n")
        answer = await other.response("GET")

    assert b'"types":["response.create","?"]' in answer.body
    assert kinds(client.heard)[-1] == "error"
