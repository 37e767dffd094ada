"""Messages come out of any cutting as they were put in, and nothing is read behind what is broken."""

import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import error, event, exception, message, string
from tollway.wire.event_stream import Frame, FrameStream

VALUES = st.one_of(
    st.sampled_from([(0, b""), (1, b"")]),
    st.binary(min_size=1, max_size=1).map(lambda value: (2, value)),
    st.binary(min_size=2, max_size=2).map(lambda value: (3, value)),
    st.binary(min_size=4, max_size=4).map(lambda value: (4, value)),
    st.binary(min_size=8, max_size=8).map(lambda value: (5, value)),
    st.binary(max_size=300).map(lambda value: (6, struct.pack(">H", len(value)) + value)),
    st.text(max_size=30).map(lambda value: string("", value)[1:]),
    st.binary(min_size=8, max_size=8).map(lambda value: (8, value)),
    st.binary(min_size=16, max_size=16).map(lambda value: (9, value)),
)
"""A header's type and value: all types that there are."""
HEADERS = st.lists(st.tuples(st.text("abc-", min_size=1, max_size=9), VALUES).map(lambda h: (h[0], *h[1])))
FRAMES = st.builds(
    Frame, st.sampled_from(["event", "exception"]), st.text("aZ-", max_size=9), st.binary(max_size=400)
)


def written(frame: Frame, others: list[tuple[str, int, bytes]]) -> bytes:
    kind, name = string(":message-type", frame.kind), string(f":{frame.kind}-type", frame.name)
    half = len(others) // 2
    return message(frame.payload, *others[:half], kind, *others[half:], name)


def fed(stream: bytes, places: list[int], reader: FrameStream | None = None) -> list[Frame]:
    reader = reader or FrameStream()
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    return [frame for a, b in pairwise(ends) for frame in reader.feed(stream[a:b])]


@given(st.lists(st.tuples(FRAMES, HEADERS), max_size=5), st.lists(st.integers(0, 5000), max_size=9))
def test_any_cutting_gives_the_messages_that_were_written(
    frames: list[tuple[Frame, list[tuple[str, int, bytes]]]], places: list[int]
) -> None:
    """Whatever other headers, of any type, stand around those that are read."""
    stream = b"".join(written(frame, others) for frame, others in frames)

    assert fed(stream, places) == [frame for frame, _ in frames]


def test_a_message_is_an_event_an_exception_or_an_error() -> None:
    stream = event("metadata", {"a": 1}) + exception("throttlingException", "slow") + error("Gone", "text")

    assert fed(stream, list(range(len(stream)))) == [
        Frame("event", "metadata", b'{"a":1}'),
        Frame("exception", "throttlingException", b'{"message":"slow"}'),
        Frame("error", "Gone", b""),
    ]


def test_a_message_without_headers_is_an_event_without_a_name() -> None:
    assert fed(message(b"x"), []) == [Frame("event", "", b"x")]


@given(st.integers(0), st.integers(0, 7), st.lists(st.integers(0, 5000), max_size=5))
def test_one_wrong_bit_ends_the_reading_with_the_message_before_it(
    place: int, bit: int, places: list[int]
) -> None:
    """The lengths and all else are under a checksum each."""
    first, second = event("chunk", {"bytes": "aGk="}), event("chunk", {"bytes": "aG8="})
    wrong = bytearray(second)
    wrong[place % len(wrong)] ^= 1 << bit
    reader = FrameStream()

    frames = fed(first + bytes(wrong) + second, places, reader)

    assert frames == [Frame("event", "chunk", b'{"bytes":"aGk="}')]
    assert reader.broken
    assert reader.feed(second) == []


def prelude(total: int, headers: int) -> bytes:
    lengths = struct.pack(">II", total, headers)
    return lengths + struct.pack(">I", zlib.crc32(lengths))


@pytest.mark.parametrize(
    ("total", "headers"),
    [(15, 0), (0, 0), (16, 1), (2**32 - 1, 0), (16 + 10 + 101, 10), (16 + 11, 11), (16, 2**32 - 1)],
    ids=["too short", "nothing", "headers longer", "huge", "long payload", "long headers", "huge headers"],
)
def test_lengths_that_cannot_be_end_the_reading_at_once(total: int, headers: int) -> None:
    """Before anything is kept of what they promise."""
    reader = FrameStream(payload=100, headers=10)

    assert reader.feed(prelude(total, headers)) == []
    assert reader.broken


def test_what_is_just_short_enough_is_read() -> None:
    reader = FrameStream(payload=100, headers=10)

    assert reader.feed(message(b"x" * 100, ("abc", 4, b"1234"))) == [Frame("event", "", b"x" * 100)]


@pytest.mark.parametrize(
    "header",
    [
        ("a", 10, b""),  # no such type
        ("a", 9, b"short"),
        ("a", 7, struct.pack(">H", 9) + b"short"),
        ("a", 6, struct.pack(">H", 9) + b"short"),
        ("a", 7, b"x"),
    ],
)
def test_headers_that_are_broken_under_a_right_checksum_end_the_reading(
    header: tuple[str, int, bytes],
) -> None:
    reader = FrameStream()

    assert reader.feed(message(b"x", header)) == []
    assert reader.broken


def test_a_header_whose_name_is_cut_off_ends_the_reading() -> None:
    block = b"\x05ab"
    text = prelude(16 + len(block), len(block)) + block
    reader = FrameStream()

    assert reader.feed(text + struct.pack(">I", zlib.crc32(text))) == []
    assert reader.broken


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=5))
def test_nothing_makes_it_raise(data: bytes, places: list[int]) -> None:
    fed(data, places)
    fed(event("a", {}) + data, places)


def test_a_long_message_may_come_in_small_pieces() -> None:
    stream = message(bytes(4 * 2**20), string(":event-type", "chunk"))
    reader = FrameStream()

    frames = [f for at in range(0, len(stream), 100) for f in reader.feed(stream[at : at + 100])]

    assert [len(frame.payload) for frame in frames] == [4 * 2**20]
