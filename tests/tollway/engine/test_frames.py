"""Frames as they come: cut anywhere, of every size, masked or not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import CloseReason, FrameProtocol, Opcode

from tollway.engine.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    LARGEST,
    PING,
    TEXT,
    Faulty,
    Frame,
    Frames,
    closing,
    framed,
    masked,
)

SIZES = (0, 1, 125, 126, 127, 65_535, 65_536, 70_000)


def frames(data: bytes, from_client: bool = True, may_pack: bool = False) -> list[Frame]:
    return list(Frames(from_client, may_pack).feed(data))


@pytest.mark.parametrize("from_client", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_framed_is_read_again(size: int, from_client: bool) -> None:
    data = framed(BINARY, b"x" * size, from_client)

    assert frames(data, from_client) == [Frame(BINARY, True, False, b"x" * size, data)]


@pytest.mark.parametrize("size", SIZES)
def test_others_read_what_is_framed(size: int) -> None:
    """wsproto, which mitmproxy uses."""
    other = FrameProtocol(client=False, extensions=[])
    other.receive_bytes(framed(BINARY, b"x" * size, True))

    payloads: list[Any] = [frame.payload for frame in other.received_frames()]
    assert b"".join(map(bytes, payloads)) == b"x" * size


@given(
    st.lists(st.tuples(st.sampled_from([TEXT, BINARY, CONTINUATION]), st.binary(max_size=300)), max_size=5),
    st.booleans(),
    st.data(),
)
def test_it_does_not_matter_where_they_are_cut(
    said: list[tuple[int, bytes]], from_client: bool, data: st.DataObject
) -> None:
    whole = b"".join(framed(opcode, payload, from_client) for opcode, payload in said)
    reader, found, start = Frames(from_client, False), list[Frame](), 0
    while start < len(whole):
        end = start + data.draw(st.integers(1, 200))
        found += reader.feed(whole[start:end])
        start = end

    assert [(frame.opcode, frame.payload) for frame in found] == said
    assert b"".join(frame.raw for frame in found) == whole


def test_large_frames_are_not_looked_at_with_each_piece() -> None:
    data = framed(BINARY, bytes(200_000), False)
    reader, found = Frames(False, False), list[Frame]()
    for start in range(0, len(data), 1000):
        found += reader.feed(data[start : start + 1000])

    assert [len(frame.payload) for frame in found] == [200_000]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x83\x80\0\0\0\0", 1002),  # no opcode that is known
        (b"\x91\x80\0\0\0\0", 1002),  # a bit of an extension that nobody agreed on
        (b"\xc1\x80\0\0\0\0", 1002),  # compressed, likewise
        (b"\x81\x00", 1002),  # of a client, and not masked
        (b"\x09\x80\0\0\0\0", 1002),  # a ping in pieces
        (b"\x89\xfe\x00\x7e\0\0\0\0", 1002),  # one of 126 bytes
        (b"\x82\xff" + (LARGEST + 1).to_bytes(8) + bytes(4), 1009),
    ],
)
def test_what_is_no_frame_is_told(data: bytes, code: int) -> None:
    with pytest.raises(Faulty) as fault:
        frames(data)

    assert fault.value.code == code


def test_frames_before_a_faulty_one_are_read() -> None:
    reader = Frames(True, False).feed(framed(TEXT, b"good", True) + b"\x81\x00")

    assert next(reader).payload == b"good"
    with pytest.raises(Faulty):
        next(reader)


def test_a_compressed_one_says_so() -> None:
    (frame,) = frames(b"\xc1\x00", from_client=False, may_pack=True)

    assert frame.is_packed


@given(st.binary(max_size=100), st.binary(min_size=4, max_size=4))
def test_masking_twice_is_none(payload: bytes, key: bytes) -> None:
    assert masked(masked(payload, key), key) == payload
    assert masked(payload, key)[:4] == bytes(a ^ b for a, b in zip(payload, key, strict=False))


def test_a_close_has_its_code_and_as_much_of_the_reason_as_it_takes() -> None:
    (frame,) = frames(closing(1008, "ü" * 100, False), from_client=False)
    other = FrameProtocol(client=True, extensions=[])
    other.receive_bytes(closing(1008, "no money", False))
    said: list[Any] = [frame.payload for frame in other.received_frames() if frame.opcode is Opcode.CLOSE]

    ((code, reason),) = said
    assert frame.opcode == CLOSE
    assert frame.payload == b"\x03\xf0" + ("ü" * 61).encode()
    assert (code, reason) == (CloseReason.POLICY_VIOLATION, "no money")


def test_control_frames_pass_between_others() -> None:
    data = framed(PING, b"p", True) + framed(TEXT, b"t", True)

    assert [frame.opcode for frame in frames(data)] == [PING, TEXT]
