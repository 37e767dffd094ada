"""What comes in many TLS records is read at once, and its end as pyOpenSSL tells it."""

import random
import ssl

import pytest
from OpenSSL import SSL

from tests.tollway.engine.test_tls_layer import Pipe
from tollway.engine.tls_connection import TlsConnection


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


def test_a_record_that_was_tampered_with_is_told_behind_the_good_ones(pipe: Pipe) -> None:
    pipe.tls.write(b"good")
    good = pipe.wire()
    pipe.tls.write(b"bad")
    bad = bytearray(pipe.wire())
    bad[-1] ^= 0xFF
    pipe.layer.tls.bio_write(good + bytes(bad))

    assert pipe.layer.tls.recv(65535) == b"good"
    with pytest.raises(SSL.Error, match="bad record mac"):
        pipe.layer.tls.recv(65535)


def test_one_may_look_without_taking(pipe: Pipe) -> None:
    """(pyOpenSSL's own flag.)"""
    send(pipe, b"hello")

    assert pipe.layer.tls.recv(65535, 2) == b"hello"
    assert pipe.layer.tls.recv(65535) == b"hello"
