"""Pieces for one peer go in one write, in their order, and none to a socket that is closed."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.connection import Connection, Server
from mitmproxy.proxy.server import ConnectionIO

from tests.tollway.calls import CHAT
from tests.tollway.road import Road
from tollway.engine.outgoing import TOGETHER, Outgoing


class Peers:
    """Sockets with somebody at the other end."""

    def __init__(self) -> None:
        self.transports: dict[Connection, ConnectionIO] = {}
        self.outgoing = Outgoing(self.transports)
        self.ends: dict[Connection, socket.socket] = {}

    async def add(self) -> Connection:
        """One more."""
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=ours)
        server = Server(address=None)
        self.transports[server] = ConnectionIO(reader=reader, writer=writer)
        self.ends[server] = theirs
        return server

    def got(self, peer: Connection) -> bytes:
        """What has come to a peer and was not looked at yet."""
        try:
            return self.ends[peer].recv(2**20)
        except BlockingIOError:
            return b""


@asynccontextmanager
async def peers() -> AsyncIterator[Peers]:
    """Some, closed at the end."""
    made = Peers()
    yield made
    for io in made.transports.values():
        assert isinstance(io.writer, asyncio.StreamWriter)
        io.writer.close()
        await io.writer.wait_closed()
    for end in made.ends.values():
        end.close()


async def test_pieces_go_together_once_they_are_written() -> None:
    async with peers() as made:
        one, other = await made.add(), await made.add()
        for peer, piece in ((one, b"head, "), (other, b"window"), (one, b"body")):
            made.outgoing.add(peer, piece)
        assert (made.got(one), made.got(other)) == (b"", b"")

        made.outgoing.write()

        assert (made.got(one), made.got(other)) == (b"head, body", b"window")
        made.outgoing.write()
        assert made.got(one) == b""


async def test_much_goes_at_once() -> None:
    async with peers() as made:
        peer = await made.add()
        made.outgoing.add(peer, b"first")
        made.outgoing.add(peer, bytes(TOGETHER))

        assert made.got(peer)[:5] == b"first"


async def test_a_peer_that_is_gone_or_closes_gets_nothing() -> None:
    async with peers() as made:
        closing, stays = await made.add(), await made.add()
        writer = made.transports[closing].writer
        assert isinstance(writer, asyncio.StreamWriter)
        writer.close()
        for peer in (closing, Server(address=None), stays):
            made.outgoing.add(peer, b"piece")

        made.outgoing.write()

        assert (made.got(closing), made.got(stays)) == (b"", b"piece")


@given(st.lists(st.tuples(st.integers(0, 2), st.binary(max_size=TOGETHER // 4), st.booleans()), max_size=20))
def test_each_peer_gets_its_pieces_in_their_order(steps: list[tuple[int, bytes, bool]]) -> None:
    async def play() -> list[bytes]:
        async with peers() as made:
            servers = [await made.add() for _ in range(3)]
            got = [b""] * 3
            for number, piece, writes in steps:
                made.outgoing.add(servers[number], piece)
                if writes:
                    made.outgoing.write()
                got = [have + made.got(server) for have, server in zip(got, servers, strict=True)]
            made.outgoing.write()
            return [have + made.got(server) for have, server in zip(got, servers, strict=True)]

    assert asyncio.run(play()) == [b"".join(p for n, p, _ in steps if n == number) for number in range(3)]


async def test_an_answer_and_the_end_of_its_connection_arrive(road: Road) -> None:
    """What is said before a connection is closed goes out before it is."""
    async with await road.raw(CHAT.host) as raw:
        await raw.send(CHAT.http1().replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
        answer = await raw.response()
        await raw.receive_until(lambda received: False)

    assert answer.status == 200
    assert answer.body.endswith(b"}")
