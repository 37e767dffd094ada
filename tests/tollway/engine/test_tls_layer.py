"""What a client sends through TLS arrives whole, in whatever pieces the network brings it."""

import asyncio
import datetime
import random
import ssl
from collections.abc import Generator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy.connection import Client, ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import tls
from OpenSSL import SSL

from tests.simulator import Scenario
from tests.simulator.client import RawClient
from tests.tollway.calls import CHAT, Call
from tests.tollway.leftovers import connections
from tests.tollway.road import Road
from tollway.engine.http_layer import _layers
from tollway.engine.tls_layer import AT_ONCE, SLICE, ClientTLSLayer, ServerTLSLayer

SIZES = [SLICE - 1, SLICE, SLICE + 1, 60 * 1024, 300 * 1024]


def large(size: int) -> Call:
    """A call whose prompt has so many bytes, no two parts of which are the same."""
    words, prompt = random.Random(size), ""
    while len(prompt) < size:
        prompt += f"{words.getrandbits(64):x} "
    return Call(CHAT.host, CHAT.path, {**CHAT.body, "messages": [{"role": "user", "content": prompt[:size]}]})


def encrypted(client: RawClient, *pieces: bytes) -> bytes:
    """TLS records of the connection, as they go over the wire."""
    assert client._tls is not None
    for piece in pieces:
        client._tls.write(piece)
    return client._out.read()


async def deliver(client: RawClient, wire: bytes, cuts: list[int]) -> None:
    """Send the bytes in pieces, each read by the proxy before the next comes."""
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        await client._loop.sock_sendall(client._sock, wire[start:end])
        await asyncio.sleep(0)


def received(road: Road) -> object:
    """The body that the provider got."""
    (seen,) = road.sim.seen
    return seen.json


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_large_request_arrives_whole(road: Road, size: int, http2: bool) -> None:
    """Around the size of a slice, too."""
    road.sim.scenario = Scenario()
    call = large(size)
    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body)

    assert answer.status_code == 200
    assert received(road) == call.body


@pytest.mark.parametrize("seed", range(6))
async def test_cut_anywhere_it_arrives_whole(road: Road, seed: int) -> None:
    """In the middle of records and of their headers, in pieces of a byte and of 64 KB."""
    road.sim.scenario = Scenario()
    call, chance = large(60 * 1024), random.Random(seed)
    async with await road.raw() as client:
        wire = encrypted(client, call.http1())
        cuts = sorted({0, 1, 5, 6, *chance.sample(range(len(wire)), 3 + seed)} - {0})
        await deliver(client, wire, cuts)
        answer = await client.response()

    assert answer.status == 200
    assert received(road) == call.body


async def test_requests_that_come_in_one_read_are_answered_in_turn(road: Road) -> None:
    """Three at once, all of them larger than a slice together."""
    road.sim.scenario = Scenario()
    calls = [large(10_000 + n) for n in range(3)]
    async with await road.raw() as client:
        await deliver(client, encrypted(client, *(call.http1() for call in calls)), [])
        answers = [await client.response() for _ in calls]

    assert [answer.status for answer in answers] == [200] * 3
    assert [seen.json for seen in road.sim.seen] == [call.body for call in calls]


@pytest.mark.parametrize("size", [100, 40_000])
async def test_a_goodbye_right_behind_a_request_is_heard(road: Road, size: int) -> None:
    """In the same read: the client is gone (it will read no answer), whatever the size of what it sent."""
    call = large(size)
    async with await road.raw() as client:
        assert client._tls is not None
        client._tls.write(call.http1())
        with pytest.raises(ssl.SSLWantReadError):
            client._tls.unwrap()
        await deliver(client, client._out.read(), [])
        await client.receive()
        assert client.ended
    async with road.client() as other:
        assert (await other.post(CHAT.url, json=CHAT.body)).status_code == 200


async def test_what_is_no_tls_ends_the_connection_and_no_other(road: Road) -> None:
    """A record that was tampered with, behind a good one, in a read larger than a slice."""
    road.sim.scenario = Scenario()
    call = large(40_000)
    async with await road.raw() as client, road.client() as other:
        wire = bytearray(encrypted(client, call.http1()))
        wire[-20_000] ^= 0xFF
        await deliver(client, bytes(wire), [])
        with pytest.raises(ssl.SSLError, match="ALERT_BAD_RECORD_MAC"):
            await client.receive()
        answer = await other.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 200
    assert received(road) == CHAT.body


@cache
def server_context() -> SSL.Context:
    """TLS with a certificate that nobody checks."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime(2026, 1, 1)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=3650))
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(made.sign(key, hashes.SHA256()))
    context.use_privatekey(key)
    return context


class Pipe:
    """A client's TLS, and our layer at the other end with nothing between them."""

    def __init__(self) -> None:
        self.heard = bytearray()
        self.closed = 0
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.tls = context.wrap_bio(self._in, self._out)
        self.layer = ClientTLSLayer.__new__(ClientTLSLayer)
        self.layer.tls = SSL.Connection(server_context())
        self.layer.tls.set_accept_state()
        self.layer.conn = Client(peername=("", 0), sockname=("", 0), state=ConnectionState.OPEN)
        self.layer.debug = None
        self.layer.event_to_child = self._hear  # type: ignore[method-assign]
        self._shake_hands()

    def _hear(self, event: events.Event) -> Generator[commands.Command, Any, None]:
        if isinstance(event, events.DataReceived):
            self.heard += event.data
        self.closed += isinstance(event, events.ConnectionClosed)
        yield from ()

    def _shake_hands(self) -> None:
        for _ in range(4):
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            self.feed(self.wire())

    def wire(self) -> bytes:
        """What the client has to send."""
        return self._out.read()

    def feed(self, data: bytes) -> None:
        """One read of the proxy; what it answers goes to the client."""
        replies: Any = self.layer.receive_data(data)
        for command in replies:
            if isinstance(command, commands.SendData):
                self._in.write(command.data)

    def send(self, data: bytes) -> list[bytes]:
        """What goes over the wire where the proxy sends this; the client has it, then."""
        replies: Any = self.layer.send_data(data)
        pieces = [command.data for command in replies]
        self._in.write(b"".join(pieces))
        return pieces

    def received(self) -> bytes:
        """All that the client can read by now."""
        text = bytearray()
        with suppress(ssl.SSLWantReadError):
            while True:
                text += self.tls.read(SLICE)
        return bytes(text)

    def goodbye(self) -> None:
        """The client says that it will send no more."""
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.unwrap()


@given(st.integers(0, 2**17), st.lists(st.integers(0, 2**17 + 2000), max_size=12), st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_cutting_gives_the_same_bytes_and_one_end(size: int, cuts: list[int], ends: bool) -> None:
    """Of reads smaller and larger than a slice, in the middle of records."""
    pipe, sent = Pipe(), random.Random(size).randbytes(size)
    if sent:
        pipe.tls.write(sent)
    if ends:
        pipe.goodbye()
    wire = pipe.wire()
    places = sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})
    for start, end in pairwise(places):
        pipe.feed(wire[start:end])

    assert pipe.heard == sent
    assert pipe.closed == ends
    assert bool(pipe.layer.conn.state & ConnectionState.CAN_READ) is not ends


def test_a_goodbye_in_a_large_read_is_heard_after_what_came_before_it() -> None:
    """All at once: the last bytes first, then the end."""
    pipe, sent = Pipe(), random.Random(1).randbytes(100_000)
    pipe.tls.write(sent)
    pipe.goodbye()
    pipe.feed(pipe.wire())

    assert pipe.heard == sent
    assert pipe.closed == 1


def test_a_part_of_a_record_larger_than_a_slice_waits_for_its_rest() -> None:
    """A record has up to 16 KB of text and some bytes of its own; nothing is passed on of half of one."""
    pipe, sent = Pipe(), random.Random(2).randbytes(SLICE)
    pipe.tls.write(sent)
    wire = pipe.wire()
    pipe.feed(wire[: SLICE + 1])

    assert not pipe.heard
    pipe.feed(wire[SLICE + 1 :])
    assert pipe.heard == sent


@pytest.mark.parametrize("size", [0, 1, SLICE, AT_ONCE, 3 * AT_ONCE, 500_000])
def test_all_there_is_to_send_is_sent_and_openssl_is_asked_no_more_than_it_takes(size: int) -> None:
    """Also where it comes to exactly what is asked for at once: after that there may be more."""
    pipe, sent, asked = Pipe(), random.Random(size).randbytes(size), list[int]()
    ours: Any = pipe.layer.tls
    read = ours.bio_read

    def bio_read(most: int) -> bytes:
        asked.append(most)
        text: bytes = read(most)
        return text

    ours.bio_read = bio_read
    pieces = [len(piece) for piece in pipe.send(sent)]
    with pytest.raises(SSL.WantReadError):
        read(1)

    assert pipe.received() == sent
    full = pieces.count(AT_ONCE)
    assert full == sum(pieces) // AT_ONCE
    assert len(asked) == full + 1


def test_a_text_whose_records_fill_what_is_asked_for_at_once_is_sent_to_its_end() -> None:
    pipe = Pipe()
    (one,) = pipe.send(b"x" * 1000)
    overhead = len(one) - 1000
    text = b"x" * (AT_ONCE - 4 * overhead)
    assert len(text) > 3 * SLICE, "four records of it, three of them full"

    assert [len(piece) for piece in pipe.send(text)] == [AT_ONCE]
    assert pipe.received() == b"x" * 1000 + text


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_the_layer_towards_the_provider_is_ours_too(road: Road, http2: bool) -> None:
    road.sim.scenario = Scenario()
    async with road.client(http2) as client:
        assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        (handler,) = connections()
        stacks = [stack for layer in _layers[handler.client] for stack in layer.connections.values()]
        assert [type(stack) for stack in stacks if isinstance(stack, tls.TLSLayer)] == [ServerTLSLayer]


def test_no_more_than_a_slice_is_written_to_openssl_at_once() -> None:
    """Its buffers keep the size of the largest: that is what the slices are for."""
    pipe, written = Pipe(), list[int]()

    class Counting:
        """The same connection, with a look at what is written to it."""

        recv, bio_read = pipe.layer.tls.recv, pipe.layer.tls.bio_read
        into = pipe.layer.tls.bio_write

        def bio_write(self, data: bytes) -> int:
            written.append(len(data))
            return type(self).into(data)

    pipe.layer.tls = Counting()  # type: ignore[assignment]
    pipe.tls.write(b"x" * 60 * 1024)
    pipe.feed(pipe.wire())

    assert pipe.heard == b"x" * 60 * 1024
    assert max(written) == SLICE
