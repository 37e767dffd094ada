"""What comes in many TLS records is read at once, its end as pyOpenSSL tells it; all else is pyOpenSSL's."""

import array
import asyncio
import random
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CLAUDE
from tests.tollway.engine.test_tls_layer import Pipe, server_context
from tests.tollway.road import Road
from tollway.engine.dialling import Dialling
from tollway.engine.tls_connection import TlsConnection

RECORD = 2**14
"""Bytes that a record has at most."""
SPOILT = 20_000
"""Bytes after which one is changed on the way."""


@pytest.fixture
def pipe() -> Pipe:
    """A client's TLS, with ours at the other end."""
    pipe = Pipe()
    TlsConnection.adopt(pipe.layer.tls)
    return pipe


def send(pipe: Pipe, *texts: bytes) -> None:
    """Each in a record of its own."""
    for text in texts:
        pipe.tls.write(text)
    pipe.layer.tls.bio_write(pipe.wire())


def tampered(pipe: Pipe) -> None:
    """A good record, and one that was changed on the way."""
    pipe.tls.write(b"good")
    good = pipe.wire()
    pipe.tls.write(b"bad")
    bad = bytearray(pipe.wire())
    bad[-1] ^= 0xFF
    pipe.layer.tls.bio_write(good + bytes(bad))


def test_all_records_that_are_there_are_read_at_once(pipe: Pipe) -> None:
    records = [random.Random(n).randbytes(n) for n in range(1, 60)]
    send(pipe, *records)

    assert pipe.layer.tls.recv(65535) == b"".join(records)
    with pytest.raises(SSL.WantReadError):
        pipe.layer.tls.recv(65535)


@pytest.mark.parametrize("size", [1, 10, 11, 25, 30])
def test_no_more_is_read_than_was_asked_for(pipe: Pipe, size: int) -> None:
    send(pipe, b"0123456789", b"abcdefghij", b"ABCDEFGHIJ")

    got = list(iter(lambda: _read(pipe, size), b""))

    assert b"".join(got) == b"0123456789abcdefghijABCDEFGHIJ"
    assert {len(piece) for piece in got[:-1]} <= {size}


def _read(pipe: Pipe, size: int) -> bytes:
    try:
        return pipe.layer.tls.recv(size)
    except SSL.WantReadError:
        return b""


def test_a_goodbye_is_told_behind_the_last_bytes(pipe: Pipe) -> None:
    pipe.tls.write(b"last words")
    with pytest.raises(ssl.SSLWantReadError):
        pipe.tls.unwrap()
    pipe.layer.tls.bio_write(pipe.wire())

    assert pipe.layer.tls.recv(65535) == b"last words"
    for _ in range(2):
        with pytest.raises(SSL.ZeroReturnError):
            pipe.layer.tls.recv(65535)


def test_a_failure_is_an_end_behind_the_good_records(pipe: Pipe, caplog: pytest.LogCaptureFixture) -> None:
    """For what is read, and for what is written: mitmproxy takes it as a peer that says goodbye."""
    tampered(pipe)

    assert pipe.layer.tls.recv(65535) == b"good"
    for _ in range(2):
        with pytest.raises(SSL.ZeroReturnError):
            pipe.layer.tls.recv(65535)
    with pytest.raises(SSL.ZeroReturnError):
        pipe.layer.tls.sendall(b"more")
    assert len(caplog.records) == 1
    assert "bad record mac" in caplog.text


def test_all_else_is_as_ever(pipe: Pipe) -> None:
    send(pipe, b"hello")

    assert pipe.layer.tls.recv(65535) == b"hello"
    with pytest.raises(SSL.WantReadError):
        pipe.layer.tls.recv(65535)
    assert pipe.layer.tls.sendall(b"hello") == 5
    with pytest.raises(ssl.SSLWantReadError):
        pipe.tls.unwrap()
    pipe.layer.tls.bio_write(pipe.wire())
    with pytest.raises(SSL.ZeroReturnError):
        pipe.layer.tls.recv(65535)


async def test_a_provider_whose_tls_fails_ends_its_calls_and_no_others(
    road: Road, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of a stream: its client is told, its row is settled, the next call dials anew."""
    relayed = 0

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(road.sim.address, road.sim.port)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(pump(reader, back))
                group.create_task(pump(there, writer, spoils=not relayed_before()))
        finally:
            for end in (back, writer):
                end.close()
                with suppress(OSError, ssl.SSLError):
                    await end.wait_closed()

    def relayed_before() -> int:
        nonlocal relayed
        relayed += 1
        return relayed - 1

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, spoils: bool = False) -> None:
        passed = 0
        while data := await source.read(2000):
            if spoils and passed < SPOILT <= passed + len(data):
                data = data[:-1] + bytes([data[-1] ^ 0xFF])
            passed += len(data)
            sink.write(data)
        sink.close()  # who reads there ends, and so does the other way

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        async def dial(self: Dialling, address: object, **how: object) -> Any:
            return await asyncio.open_connection("127.0.0.1", port)

        monkeypatch.setattr(Dialling, "open", dial)
        road.sim.scenario = Scenario(events=400, usage=Usage(input_tokens=5, output_tokens=800))
        async with await road.raw(CLAUDE.host) as raw:
            await raw.send(CLAUDE.streamed().http1())
            answer = await raw.response()
        async with road.client() as client:
            again = await client.post(CLAUDE.url, json=CLAUDE.body)
        ended = await road.calls(2)

    assert not answer.whole
    assert again.status_code == 200
    assert {(record.state, record.error) for record in ended} == {("done", "cut"), ("done", None)}
    assert "the TLS of a connection failed" in caplog.text
    assert "the engine failed" not in caplog.text


async def test_a_client_whose_tls_fails_has_left(road: Road, caplog: pytest.LogCaptureFixture) -> None:
    """Its call is abandoned as others are; no engine fails."""
    road.sim.scenario = Scenario(events=50, interval=0.005)
    async with await road.raw(CLAUDE.host) as raw:
        await raw.send(CLAUDE.streamed().http1())
        await raw.receive_until(lambda data: b"content_block_delta" in data)
        await raw._loop.sock_sendall(raw._sock, b"\x17\x03\x03\x00\x20" + bytes(32))
        record = await road.call()

    assert (record.state, record.error) == ("done", "abandoned")
    assert "the TLS of a connection failed" in caplog.text
    assert "the engine failed" not in caplog.text


def test_one_may_look_without_taking(pipe: Pipe) -> None:
    """(pyOpenSSL's own flag.)"""
    send(pipe, b"hello")

    assert pipe.layer.tls.recv(65535, 2) == b"hello"
    assert pipe.layer.tls.recv(65535) == b"hello"


def _wide(text: bytes) -> memoryview:
    """As one of numbers of two bytes each."""
    return memoryview(array.array("H", text[: len(text) // 2 * 2]))


KINDS = st.sampled_from([bytes, bytearray, memoryview, _wide])
SIZES = st.sampled_from([0, 1, 9, 300, RECORD - 1, RECORD, RECORD + 1, 50_000])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sendall"), st.builds(lambda kind, size: kind(bytes(size)), KINDS, SIZES)),
        st.tuples(st.just("bio_read"), st.sampled_from([0, 1, 5, 1000, RECORD, 65535, True, -1, -2])),
        st.tuples(st.just("receive"), st.tuples(SIZES, st.lists(st.integers(1, 60_000), max_size=4))),
    ),
    max_size=20,
)


class Twin:
    """A connection of either class, and all that it was seen to do."""

    def __init__(self, kind: type[SSL.Connection]) -> None:
        self.pipe = Pipe()
        self.tls: Any = self.pipe.layer.tls
        self.tls.__class__ = kind
        self.sent = bytearray()

    def take(self, step: str, given: Any) -> object:
        """What it comes to: a size, since no two connections encrypt the same way, or a kind of error."""
        try:
            if step == "receive":
                return self.receive(*given)
            done = getattr(self.tls, step)(given)
        except Exception as error:
            return SSL.ZeroReturnError if step == "sendall" and isinstance(error, SSL.Error) else type(error)
        if step == "bio_read":
            self.sent += done
        return len(done) if step == "bio_read" else done

    def receive(self, size: int, cuts: list[int]) -> list[bytes]:
        """What is read once its peer has written so much, which comes in pieces."""
        self.pipe.tls.write(random.Random(size).randbytes(size))
        wire, read = self.pipe.wire(), []
        for start, end in pairwise(sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})):
            assert self.tls.bio_write(wire[start:end]) == end - start
            read.append(self.read())
        return read

    def read(self) -> bytes:
        """All that is there."""
        text = bytearray()
        with suppress(SSL.WantReadError):
            while True:
                text += self.tls.recv(65535)
        return bytes(text)

    def arrived(self) -> bytes:
        """All of it, as its peer reads it."""
        with suppress(SSL.WantReadError):
            while True:
                self.sent += self.tls.bio_read(65535)
        self.pipe._in.write(self.sent)
        text = bytearray()
        with suppress(ssl.SSLWantReadError):
            while True:
                text += self.pipe.tls.read(65535)
        return bytes(text)


@given(STEPS)
@settings(deadline=None)
def test_whatever_is_done_comes_to_what_it_comes_to_with_pyopenssl(steps: list[tuple[str, Any]]) -> None:
    theirs, ours = Twin(SSL.Connection), Twin(TlsConnection)

    assert [ours.take(*step) for step in steps] == [theirs.take(*step) for step in steps]
    assert ours.arrived() == theirs.arrived()


@pytest.mark.parametrize("step", ["sendall", "bio_write", "bio_read"])
@pytest.mark.parametrize("given", [None, 1.5, "text", [1], b"text", -1, b""], ids=repr)
def test_what_pyopenssl_does_not_take_is_not_taken(step: str, given: object) -> None:
    """In the same words of Python's: what is no bytes, or no number."""
    theirs, ours = Twin(SSL.Connection), Twin(TlsConnection)

    assert ours.take(step, given) == theirs.take(step, given)


def test_where_nothing_is_asked_for_it_counts_whether_something_is_there() -> None:
    """(As pyOpenSSL has it: an error without a text.)"""
    for kind in (SSL.Connection, TlsConnection):
        twin = Twin(kind)
        assert twin.take("bio_read", 0) is SSL.WantReadError
        twin.tls.sendall(b"text")
        assert twin.take("bio_read", 0) is SSL.Error


def begun(pipe: Pipe) -> None:
    pipe.layer.tls = type(pipe.layer.tls)(server_context())
    pipe.layer.tls.set_accept_state()


def left(pipe: Pipe) -> None:
    pipe.goodbye()
    pipe.layer.tls.bio_write(pipe.wire())


STATES = {
    "without a handshake": begun,
    "behind the peer's goodbye": left,
    "behind a goodbye of ours": lambda pipe: pipe.layer.tls.shutdown(),
    "behind a record that was changed": tampered,
}


@pytest.mark.parametrize("text", [b"", b"text", bytearray(b"text"), bytes(RECORD + 1)], ids=len)
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_where_no_more_can_be_sent_none_is(state: Callable[[Pipe], object], text: bytes) -> None:
    outcomes = []
    for kind in (SSL.Connection, TlsConnection):
        twin = Twin(kind)
        state(twin.pipe)
        twin.tls = twin.pipe.layer.tls
        with suppress(SSL.Error):
            twin.read()
        outcomes.append([twin.take("sendall", text), twin.take("bio_read", 65535), twin.take("bio_read", 9)])

    assert outcomes[0] == outcomes[1]


def test_without_a_memory_bio_there_is_none_to_read() -> None:
    with socket.socket() as unconnected:
        for kind in (SSL.Connection, TlsConnection):
            connection = kind(server_context(), unconnected)
            with pytest.raises(TypeError):
                connection.bio_read(10)
            with pytest.raises(TypeError):
                connection.bio_write(b"text")
