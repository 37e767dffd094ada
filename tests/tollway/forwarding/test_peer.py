"""One side of a connection that speaks HTTP, over a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h11
import pytest

from tollway.forwarding.peer import LARGEST_HEAD, LONGEST_REASON, Peer, reason


@asynccontextmanager
async def client_of(*sent: bytes) -> AsyncIterator[tuple[Peer, socket.socket]]:
    """What serves a client that has sent this, and the client's socket."""
    own, other = socket.socketpair()
    for piece in sent:
        own.sendall(piece)
    peer = Peer(h11.SERVER, *await asyncio.open_connection(sock=other))
    try:
        yield peer, own
    finally:
        own.close()
        await peer.close()


GET = b"GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n"
POST = b"POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\n"


async def test_requests_come_one_after_another() -> None:
    async with client_of(GET + POST + b"hello" + GET) as (peer, own):
        for method in (b"GET", b"POST", b"GET"):
            request = await peer.next()
            assert isinstance(request, h11.Request)
            assert request.method == method
            assert peer.unanswered
            await peer.answer(200, "it is so", ("X-Own", "1"))
            assert not peer.unanswered
            assert peer.again()  # what it sent of a body is read, and dropped

        said = own.recv(10_000).decode()

    assert said.count("HTTP/1.1 200") == said.count("it is so\n") == said.count("X-Own: 1") == 3


@pytest.mark.parametrize(
    "sent",
    [POST, GET.replace(b"1.1", b"1.0"), GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")],
    ids=["body to come", "1.0", "close"],
)
async def test_where_no_further_request_can_come_that_is_known(sent: bytes) -> None:
    async with client_of(sent) as (peer, _):
        await peer.next()
        await peer.answer(200, "it is so")

        assert not peer.again()


async def test_what_comes_behind_a_tunnels_request_is_kept() -> None:
    async with client_of(b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\nhel") as (peer, own):
        assert isinstance(await peer.next(), h11.Request)
        assert isinstance(await peer.next(), h11.EndOfMessage)
        assert await peer.next() is h11.PAUSED
        peer.hold(b"lo")
        await peer.send(h11.Response(status_code=200, headers=[]))

        assert peer.rest() == b"hello"
        assert not peer.again()
        assert own.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01 hello\r\n\r\n",
        GET.replace(b"Host", b"Ho st"),
        GET.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 2 * LARGEST_HEAD + b"\r\n\r\n"),
    ],
    ids=["tls", "header", "huge"],
)
async def test_what_is_no_request_can_be_told_so(sent: bytes) -> None:
    async with client_of() as (peer, own):
        writing = asyncio.ensure_future(asyncio.to_thread(own.sendall, sent))
        with pytest.raises(h11.RemoteProtocolError) as error:
            await peer.next()
        await peer.answer(error.value.error_status_hint, "this is no request")

        first = f"HTTP/1.1 {error.value.error_status_hint} this is no request\r\n"
        assert own.recv(100).startswith(first.encode())
        peer.writer.transport.abort()
        await asyncio.gather(writing, return_exceptions=True)


async def test_a_head_may_be_as_large_as_clients_make_it() -> None:
    """Tokens of 93 KB have been seen."""
    sent = GET.replace(b"\r\n\r\n", b"\r\nProxy-Authorization: Basic " + b"x" * 93_000 + b"\r\n\r\n")
    async with client_of() as (peer, own):
        writing = asyncio.ensure_future(asyncio.to_thread(own.sendall, sent))
        assert isinstance(await peer.next(), h11.Request)
        await writing


async def test_the_end_of_a_connection_is_an_event() -> None:
    async with client_of() as (peer, own):
        own.close()

        assert isinstance(await peer.next(), h11.ConnectionClosed)


async def test_what_was_sent_last_is_waited_for_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollway.forwarding.peer.FLUSH_SECONDS", 0.0)
    async with client_of() as (peer, own):
        peer.writer.write(b"x" * 10_000_000)

        await peer.close()  # nobody reads it

        assert peer.writer.transport.get_write_buffer_size() == 0
        own.settimeout(30)
        while await asyncio.to_thread(own.recv, 1 << 20):
            pass


@pytest.mark.parametrize(
    ("text", "line"),
    [("no token", b"no token"), ("Ä\r\nb: c", b"???b: c"), ("x" * 400, b"x" * LONGEST_REASON)],
)
def test_a_sentence_fits_into_the_first_line_of_an_answer(text: str, line: bytes) -> None:
    assert reason(text) == line
