"""Answers of our own, played piece by piece: no provider is dialled, and the client notices nothing."""

import asyncio

import httpx
import pytest
from mitmproxy.http import HTTPFlow

from tests.tollway.calls import CHAT
from tests.tollway.engine.test_backlog import paused, settled
from tests.tollway.engine.test_hooking import HTTP, break_step
from tests.tollway.leftovers import nothing_stays
from tests.tollway.road import Road
from tollway import exchange
from tollway.engine.http_stream import BUFFERED
from tollway.hooks.deny import DenyByDefault
from tollway.hooks.look_up import LookUp
from tollway.played import BrokenOff, CameTo, Head, Told

STREAM = CHAT.streamed()
SSE = ((b"content-type", b"text/event-stream"),)
JSON = ((b"content-type", b"application/json"),)
STREAMED = Head(fields=SSE)
PIECE, PIECES = bytes(64 * 1024), 1600
BOUND = 12 * 2**20
"""What may be on its way: queues, and the buffers of sockets."""


class Script:
    """An answer, as a test tells it."""

    came_to = CameTo()

    def __init__(self, *pieces: bytes | Exception | None, head: Head = STREAMED) -> None:
        self.pieces = list(pieces)
        self.taken = 0
        self.asked, self.left = asyncio.Event(), asyncio.Event()
        self._head = head
        self._told: Told = lambda: None

    def head(self) -> Head:
        return self._head

    def take(self) -> bytes | None:
        if not self.pieces:
            return b""
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        self.taken += len(piece or b"")
        return piece

    def when_more(self, told: Told) -> None:
        self._told = told
        self.asked.set()

    def leave(self) -> None:
        self.left.set()

    def say(self, *pieces: bytes | Exception | None) -> None:
        """What comes next."""
        self.pieces += pieces
        self._told()


def play(road: Road, script: Script) -> None:
    """Have every call to a model be answered so."""
    step, admit = road.step(DenyByDefault), road.step(DenyByDefault).request

    def request(flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        assert known is not None
        if known.asked is not None:
            known.played = script
        admit(flow)

    step.request = request  # type: ignore[method-assign]


@HTTP
async def test_each_piece_is_with_the_client_before_the_next_is_there(road: Road, http2: bool) -> None:
    """Whatever waits behind it, and nobody is dialled."""
    script = Script(b"data: 1\n\n")
    play(road, script)

    async with road.client(http2) as client:
        async with client.stream("POST", STREAM.url, json=STREAM.body) as answer:
            pieces = answer.aiter_raw()
            got = [await anext(pieces)]
            for piece in (b"data: 2\n\n", b"data: 3\n\n"):
                script.say(piece)
                got.append(await anext(pieces))
            script.say(None)
            assert [piece async for piece in pieces] == []

    assert got == [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n"]
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["x-tollway-call"]
    assert road.sim.seen == []
    await nothing_stays(road)


@HTTP
@pytest.mark.parametrize("known_size", [True, False])
async def test_an_answer_in_one_piece_is_one(road: Road, http2: bool, known_size: bool) -> None:
    body = b'{"id": "1"}'
    head = Head(fields=JSON, size=len(body) if known_size else None)
    play(road, Script(body[:4], body[4:], None, head=head))

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.content == body
    assert (answer.headers.get("content-length") == "11") == known_size
    assert answer.headers["x-tollway-cost"] == "0"
    await nothing_stays(road)


async def test_one_that_grows_too_large_is_streamed_from_there(road: Road) -> None:
    """As if a provider sent it; JSON that says nothing of its length is held back until then."""
    script = Script(bytes(BUFFERED), b"more", head=Head(fields=JSON))
    play(road, script)

    async with road.client() as client:
        async with client.stream("POST", CHAT.url, json=CHAT.body) as answer:
            pieces = answer.aiter_raw()
            size = len(await anext(pieces))
            script.say(b" and more", None)
            async for piece in pieces:
                size += len(piece)

    assert size == BUFFERED + len(b"more and more")
    await nothing_stays(road)


@HTTP
@pytest.mark.parametrize("head", [STREAMED, Head(fields=JSON)], ids=["stream", "json"])
async def test_what_breaks_off_breaks_off_for_the_client(road: Road, http2: bool, head: Head) -> None:
    """Nobody takes it for whole, and its row says so."""
    play(road, Script(b"data: 1\n\n", BrokenOff(), head=head))

    async with road.client(http2) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(STREAM.url, json=CHAT.body)
    await road.call()
    await nothing_stays(road)


@HTTP
@pytest.mark.parametrize("head", [STREAMED, Head(fields=JSON)], ids=["stream", "json"])
async def test_a_step_that_fails_as_it_waits_for_more_breaks_it_off(
    road: Road, http2: bool, head: Head
) -> None:
    play(road, Script(b"data: 1\n\n", head=head))
    break_step(road, LookUp, "http_more")

    async with road.client(http2) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(STREAM.url, json=CHAT.body)
    record = await road.call()

    assert record.error == "tollway_failed"
    await nothing_stays(road)


@HTTP
@pytest.mark.parametrize("before", [(), (b"data: 1\n\n",)], ids=["before it begins", "midway"])
async def test_a_client_that_leaves_ends_it(road: Road, http2: bool, before: tuple[bytes, ...]) -> None:
    """Its wait for more is called off."""
    script = Script(*before)
    play(road, script)

    async with road.client(http2) as client:
        asking = asyncio.ensure_future(client.post(STREAM.url, json=STREAM.body))
        await script.asked.wait()
        asking.cancel()
        await asyncio.wait([asking])
    record = await road.call()

    assert record.error == "abandoned"
    assert script.left.is_set()
    await nothing_stays(road)


async def test_a_client_that_reads_nothing_is_not_sent_more(road: Road) -> None:
    """Over HTTP/1: its socket fills, and what is to follow stays where it is; then it goes on to its end."""
    script = Script(*[PIECE] * PIECES, None)
    play(road, script)

    async with await road.raw() as raw:
        await raw.send(STREAM.http1())
        sent = await settled(lambda: script.taken)
        assert 0 < sent < BOUND
        answer = await raw.response()

    assert len(answer.body) == script.taken == len(PIECE) * PIECES
    await nothing_stays(road)


async def test_a_stream_that_is_paused_waits_alone(road: Road) -> None:
    """Over HTTP/2: another stream of the connection goes on meanwhile."""
    script = Script(*[PIECE] * PIECES, None)
    play(road, script)

    client = await paused(road)
    client.stream = await client.request(STREAM.host, STREAM.path, [], STREAM.content)
    await client.until(client.stream, lambda answer: len(answer.body) == 65_535)
    sent = await settled(lambda: script.taken)
    other = await client.request(CHAT.host, "/v1/models", [], b"", method="GET")
    assert (await client.answer(other)).status == 200
    assert sent < BOUND
    stream = client.stream
    await client.go_on()
    answer = await client.answer(stream)
    client.raw.close()

    assert answer.whole
    assert len(answer.body) == script.taken == len(PIECE) * PIECES
    await nothing_stays(road)


@pytest.mark.parametrize("how", ["reset", "closed"])
async def test_a_client_that_leaves_while_its_stream_is_paused_ends_it(road: Road, how: str) -> None:
    """Whether it resets the stream or closes the connection: nobody waits for room any more."""
    script = Script(*[PIECE] * PIECES, None)
    play(road, script)

    client = await paused(road)
    client.stream = await client.request(STREAM.host, STREAM.path, [], STREAM.content)
    await client.until(client.stream, lambda answer: len(answer.body) == 65_535)
    sent = await settled(lambda: script.taken)
    if how == "reset":
        client.h2.reset_stream(client.stream)
        await client.flush()
    else:
        client.raw.close()
    record = await road.call()
    client.raw.close()

    assert record.error == "abandoned"
    assert script.taken == sent
    await nothing_stays(road)


async def test_a_client_that_closes_while_its_socket_is_full_ends_it(road: Road) -> None:
    script = Script(*[PIECE] * PIECES, None)
    play(road, script)

    async with await road.raw() as raw:
        await raw.send(STREAM.http1())
        await settled(lambda: script.taken)
    record = await road.call()

    assert record.error == "abandoned"
    assert script.taken < len(PIECE) * PIECES
    await nothing_stays(road)
