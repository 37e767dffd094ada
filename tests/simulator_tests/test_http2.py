"""HTTP/2 as the h2 library judges it, and everything that an answer can be told to do wrong."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.simulator import Cut, Host, Scenario, Simulator
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client
from tests.simulator.http2_frames import (
    CONTINUATION,
    DATA,
    END_STREAM,
    GOAWAY,
    HEADERS,
    PREFACE,
    PUSH,
    frame,
    settings,
    trailer_block,
)
from tests.simulator.http2_reader import FrameReader

PATH, BODY, STREAM = "/v1/chat/completions", b'{"model":"m"}', b'{"model":"m","stream":true}'


@pytest.fixture
async def raw(sim: Simulator) -> AsyncIterator[RawClient]:
    async with await RawClient.open(
        sim.address, sim.port, tls="api.openai.com", root_ca=sim.root_ca, alpn=("h2",)
    ) as raw:
        yield raw


@pytest.fixture
async def client(raw: RawClient) -> Http2Client:
    assert raw.alpn == "h2"
    return await Http2Client.on(raw)


async def post(client: Http2Client, body: bytes = BODY, **headers: str) -> int:
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return await client.request("api.openai.com", PATH, pairs, body)


async def test_json_and_its_length(sim: Simulator, client: Http2Client) -> None:
    answer = await client.answer(await post(client, content_type="application/json"))

    assert (answer.status, answer.whole) == (200, True)
    assert dict(answer.headers)["content-length"] == str(len(answer.body))
    seen = sim.seen[0]
    assert (seen.protocol, seen.host, seen.path) == ("HTTP/2", "api.openai.com", PATH)
    assert seen.headers == (("content-type", "application/json"),)
    assert (seen.json, seen.complete, seen.fault) == ({"model": "m"}, True, "")


async def test_streams_run_beside_each_other(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(events=5, interval=0.01)

    streams = [await post(client, STREAM) for _ in range(20)]
    answers = [await client.answer(stream) for stream in streams]

    assert all(answer.whole and answer.body.endswith(b"[DONE]\n\n") for answer in answers)
    assert answers[0].chunks[-1].at - answers[-1].chunks[0].at > 0  # the last began before the first ended
    assert len(sim.connections) == 1


async def test_a_body_larger_than_all_windows_arrives(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(fill=3_000_000)
    body = b"x" * 3_000_000

    answer = await client.answer(await post(client, body))

    assert len(answer.body) == 3_000_000
    assert sim.seen[0].body.size == 3_000_000
    assert sim.seen[0].raw == body


async def test_large_headers_are_continued(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(headers=(("x-large", "v" * 40_000),))
    client.h2.max_inbound_frame_size = 16_384
    client.h2.local_settings[6] = 100_000
    client.h2.decoder.max_header_list_size = 100_000

    answer = await client.answer(await post(client, x_long="w" * 30_000))

    assert dict(answer.headers)["x-large"] == "v" * 40_000
    assert sim.seen[0].header("x-long") == "w" * 30_000


async def test_informational_answers_and_trailers(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(informational=(103,), trailers=(("X-Sum", "1"),))

    answer = await client.answer(await post(client, STREAM))

    assert answer.informational == [103]
    assert answer.trailers == [("x-sum", "1")]
    assert answer.whole


async def test_request_trailers_are_remembered(sim: Simulator, client: Http2Client) -> None:
    stream = await client.request("api.openai.com", PATH, [], None)
    client.h2.send_data(stream, BODY)
    client.h2.send_headers(stream, [("x-sum", "2")], end_stream=True)
    await client.flush()
    await client.answer(stream)

    assert sim.seen[0].trailers == (("x-sum", "2"),)


@pytest.mark.parametrize("code", [2, 7, 8])
@pytest.mark.parametrize("events", [None, 0, 3])
async def test_a_stream_is_reset_and_the_connection_lives(
    sim: Simulator, client: Http2Client, code: int, events: int | None
) -> None:
    sim.on("*", "*", Scenario(cut=Cut(how="rst_stream", code=code, after_events=events)), times=1)

    cut = await client.answer(await post(client, STREAM))
    whole = await client.answer(await post(client, STREAM))

    assert (cut.reset, cut.whole, whole.whole) == (code, False, True)
    assert (cut.status == 0) == (events is None)
    assert cut.body.count(b"data:") == (events or 0)
    assert not sim.seen[0].client_left


async def test_goaway_lets_the_stream_finish(sim: Simulator, raw: RawClient) -> None:
    """RFC 9113, 6.8. Read frame by frame: the h2 library takes no frame after GOAWAY."""
    sim.scenario = Scenario(cut=Cut(how="goaway", after_events=2))
    pseudo = [(":method", "POST"), (":scheme", "https"), (":path", PATH), (":authority", "h")]
    await raw.send(PREFACE + settings({}) + frame(HEADERS, 4, 1, trailer_block(pseudo)))
    await raw.send(frame(DATA, END_STREAM, 1, STREAM))

    received = await raw.receive_until(lambda data: False)

    reader = FrameReader()
    frames = list(reader.feed(PREFACE + received))
    kinds = [one.kind for one in frames]
    data = b"".join(one.payload for one in frames if one.kind == DATA)
    assert GOAWAY in kinds[: len(kinds) - 5]
    assert frames[kinds.index(GOAWAY)].payload == bytes(3) + b"\1" + bytes(4)
    assert (frames[-1].kind, frames[-1].flags) == (DATA, END_STREAM)
    assert data.endswith(b"[DONE]\n\n")
    assert (raw.ended, sim.seen[0].complete) == ("close_notify", True)


async def test_goaway_may_disown_the_stream(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(cut=Cut(how="goaway_lost", code=0))

    answer = await client.answer(await post(client))

    assert (answer.status, client.goaway) == (0, 0)
    assert client.raw.ended == "close_notify"


@pytest.mark.parametrize(("how", "ended"), [("close", "close_notify"), ("abrupt", "eof"), ("reset", "reset")])
async def test_the_connection_breaks(sim: Simulator, client: Http2Client, how: str, ended: str) -> None:
    sim.scenario = Scenario(cut=Cut(how=how, after_events=2))  # type: ignore[arg-type]

    answer = await client.answer(await post(client, STREAM))

    assert not answer.whole
    assert client.raw.ended == ended or (ended == "reset" and client.raw.ended == "eof")


async def test_truncated_json_in_valid_framing(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(cut=Cut(how="end", after_bytes=50), framing="chunked")

    answer = await client.answer(await post(client))

    assert answer.whole
    assert len(answer.body) == 50


async def test_raw_bytes_go_into_the_connection(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(raw=frame(200, 0, 0, b"unknown frames are passed over"))

    answer = await client.answer(await post(client))

    assert not answer.whole
    assert client.raw.ended == "close_notify"


async def test_a_client_that_cancels_is_noticed(sim: Simulator, client: Http2Client) -> None:
    sim.on("*", "*", Scenario(events=1000, interval=0.005), times=1)
    stream = await post(client, STREAM)
    await client.until(stream, lambda answer: len(answer.chunks) >= 3)

    await client.cancel(stream)
    seen = await sim.wait_for(lambda seen: seen.client_left)
    other = await client.answer(await post(client))

    assert (seen.left_how, seen.complete) == ("rst_stream:8", False)
    assert 3 <= seen.events_written < 1000
    assert other.whole


async def test_a_client_that_vanishes_takes_all_its_streams(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(cut=Cut(how="hang", after_events=0))
    for _ in range(3):
        await post(client, STREAM)
    await sim.wait_for(lambda seen: seen.number == 3 and seen.answered is not None)

    client.raw.reset()
    await sim.wait_for(lambda seen: seen.number == 3 and seen.client_left)

    assert all(seen.client_left for seen in sim.seen)


async def test_the_window_holds_events_back(sim: Simulator, raw: RawClient) -> None:
    """A client that reads nothing stops the writing, and its first grant resumes it."""
    client = Http2Client(raw)
    client.h2.initiate_connection()
    client.h2.update_settings({4: 1000})
    await client.flush()
    sim.scenario = Scenario(events=100)
    stream = await post(client, STREAM)
    answer = await client.until(stream, lambda answer: len(answer.body) >= 500)

    held = sim.seen[0].bytes_written
    rest = await client.answer(stream)

    assert held < 5000 < len(rest.body)
    assert answer.body == rest.body
    assert rest.body.count(b"data:") == 103


async def test_a_client_that_does_not_read_holds_the_answer_back(sim: Simulator, raw: RawClient) -> None:
    """The windows are open wide: it is the connection that is full."""
    client = Http2Client(raw)
    client.h2.initiate_connection()
    client.h2.update_settings({4: (1 << 31) - 1})
    client.h2.increment_flow_control_window(1 << 30)
    await client.flush()
    sim.scenario = Scenario(fill=40_000_000)
    stream = await post(client)
    await client.pump()
    await client.pump()
    held = sim.seen[0].bytes_written

    answer = await client.answer(stream)

    assert held < 20_000_000
    assert len(answer.body) == 40_000_000


async def test_pings_are_answered(sim: Simulator, client: Http2Client) -> None:
    client.h2.ping(b"simulate")
    await client.flush()
    await client.answer(await post(client))

    assert b"simulate" in client.raw.received


async def test_a_client_that_says_goaway_is_let_go(sim: Simulator, client: Http2Client) -> None:
    await post(client)
    client.h2.close_connection()
    await client.flush()

    await client.raw.receive_until(lambda data: False)

    assert client.raw.ended == "close_notify"


async def test_slow_reading_holds_the_window(sim: Simulator, client: Http2Client) -> None:
    sim.scenario = Scenario(read_rate=20_000_000)
    started = asyncio.get_running_loop().time()

    await client.answer(await post(client, b"x" * 3_000_000))

    assert asyncio.get_running_loop().time() - started > 0.01
    assert sim.seen[0].body.size == 3_000_000


@pytest.mark.parametrize(
    ("frames", "fault"),
    [
        (b"GET / HTTP/1.1\r\n\r\n" + b" " * 20, "preface"),
        (PREFACE + b"\xff\xff\xff" + bytes(6), "a frame of"),
        (PREFACE + frame(HEADERS, 4, 2), "not the client's"),
        (PREFACE + frame(CONTINUATION, 4, 1), "without HEADERS"),
        (PREFACE + frame(HEADERS, 0, 1) + settings({}), "interrupted"),
        (PREFACE + frame(HEADERS, 4, 1, b"\xff\xff\xff\xff\xff"), "header block"),
        (PREFACE + frame(HEADERS, 0x0C, 1, b"\x09ab"), "padding"),
        (PREFACE + frame(PUSH, 4, 1), "must not push"),
    ],
)
async def test_what_breaks_the_protocol_ends_the_connection(
    sim: Simulator, raw: RawClient, frames: bytes, fault: str
) -> None:
    await raw.send(frames)
    await raw.receive_until(lambda data: False)

    assert fault in sim.connections[0].fault
    assert raw.ended == "close_notify"


@pytest.mark.parametrize(
    ("headers", "fault"),
    [
        ([("connection", "close")], "forbids these headers: connection"),
        ([("content-length", "5")], "content-length says 5"),
    ],
)
async def test_faults_of_requests_are_noted(
    sim: Simulator, raw: RawClient, headers: list[tuple[str, str]], fault: str
) -> None:
    pseudo = [(":method", "GET"), (":scheme", "https"), (":path", "/v1/models"), (":authority", "h")]
    await raw.send(PREFACE + settings({}) + frame(HEADERS, 5, 1, trailer_block(pseudo + headers)))

    seen = await sim.wait_for(lambda seen: seen.complete)

    assert fault in seen.fault


async def test_plain_connections_may_begin_with_the_preface(sim: Simulator) -> None:
    async with await RawClient.open(sim.address, sim.plain_port) as raw:
        client = await Http2Client.on(raw)
        answer = await client.answer(await post(client))

    assert answer.whole
    assert not sim.connections[0].tls


@pytest.mark.parametrize(
    ("offered", "wanted", "spoken"),
    [
        (("h2", "http/1.1"), ("http/1.1", "h2"), "h2"),
        (("http/1.1",), ("h2", "http/1.1"), "http/1.1"),
        ((), ("h2", "http/1.1"), None),
    ],
)
async def test_protocols_are_negotiated(
    sim: Simulator, offered: tuple[str, ...], wanted: tuple[str, ...], spoken: str | None
) -> None:
    sim.hosts["api.openai.com"] = Host(alpn=offered)

    async with await RawClient.open(
        sim.address, sim.port, tls="api.openai.com", root_ca=sim.root_ca, alpn=wanted
    ) as raw:
        assert raw.alpn == spoken


async def test_http1_can_be_switched_off(sim: Simulator) -> None:
    sim.hosts["api.openai.com"] = Host(alpn=("h2",))

    async with await RawClient.open(
        sim.address, sim.port, tls="api.openai.com", root_ca=sim.root_ca, alpn=("http/1.1",)
    ) as raw:
        assert await raw.receive() == b""
