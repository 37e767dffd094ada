"""Events come out of any cutting as the event-stream rules say."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.wire.sse import Event, EventStream


def by_the_book(stream: bytes) -> list[Event]:
    """The WHATWG rules, line by line, slow and obvious."""
    events: list[Event] = []
    name, data = b"", b""
    lines = re.split(rb"\r\n|\n|\r", stream.removeprefix(b"\xef\xbb\xbf"))
    for line in lines[:-1]:
        if line == b"":
            if data:
                events.append((name, data[:-1]))
            name, data = b"", b""
        elif not line.startswith(b":"):
            field, colon, value = line.partition(b":")
            if colon and value.startswith(b" "):
                value = value[1:]
            if field == b"event":
                name = value
            if field == b"data":
                data += value + b"\n"
    return events


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(p % (len(stream) + 1) for p in places)
    return [stream[a:b] for a, b in zip([0, *ends], [*ends, len(stream)], strict=True)]


def fed(stream: bytes, places: list[int], limit: int = 1 << 20) -> list[Event]:
    reader = EventStream(limit)
    return [event for piece in cut(stream, places) for event in reader.feed(piece)]


SCRAPS = st.sampled_from([
    b"data: ", b"data:", b"data", b"event: ", b"event:", b"event", b": a comment", b"id: 7", b"retry: 3",
    b" ", b":", b"\n", b"\n\n", b"\r\n", b"\r\n\r\n", b"\r", b"\xef\xbb\xbf", b'{"a": 1}', b"[DONE]", b"x",
])  # fmt: skip
STREAMS = st.lists(SCRAPS, max_size=25).map(b"".join)
PLACES = st.lists(st.integers(0, 400), max_size=8)


@given(STREAMS, PLACES)
@example(b"\xef\xbb\xbfdata: a\r\n\r\n", [1, 2, 11, 12])
@example(b"data: a\r\r\n", [8, 9])
def test_any_cutting_gives_the_events_of_the_rules(stream: bytes, places: list[int]) -> None:
    assert fed(stream, places) == by_the_book(stream)


LINES = st.sampled_from([b"data: a", b"data:b", b"data: ", b"event: e", b"event: ", b": c", b"id: 7", b""])


@given(st.lists(st.lists(LINES, max_size=3), max_size=6), st.sampled_from([b"\n", b"\r\n", b"\r"]))
@example(
    [[b"data: a"], [b"data: a"], [b"event: e", b"data: a"], [b"event: e", b"data: a", b"data: a"]], b"\n"
)
@example([[b"data: a"], [b"event: e", b"data: a", b"id: 7"], [b"data: a", b"id: 7"]], b"\n")
def test_frames_that_come_one_by_one_are_read_as_the_whole(frames: list[list[bytes]], end: bytes) -> None:
    chunks = [b"".join(line + end for line in [*frame, b""]) for frame in frames]
    reader = EventStream()

    events = [event for chunk in chunks for event in reader.feed(chunk)]

    assert events == by_the_book(b"".join(chunks))


@given(STREAMS, PLACES, st.integers(0, 12))
def test_a_limit_drops_the_same_frames_however_the_stream_is_cut(
    stream: bytes, places: list[int], limit: int
) -> None:
    assert fed(stream, places, limit) == fed(stream, [], limit)


@pytest.mark.parametrize("chunk", [1, 7, 64, 10_000])
def test_only_the_frame_that_is_too_long_is_dropped(chunk: int) -> None:
    stream = b"data: one\n\ndata: " + b"x" * 1000 + b"\n\ndata: two\n\n"

    events = fed(stream, list(range(0, len(stream), chunk)), limit=100)

    assert events == [(b"", b"one"), (b"", b"two")]


def test_a_frame_that_never_ends_is_not_kept() -> None:
    reader = EventStream(limit=100)

    for _ in range(1000):
        assert reader.feed(b"x" * 100) == []

    assert len(reader._held) <= 101
    assert reader.rest() is None


@pytest.mark.parametrize(
    ("stream", "rest"),
    [
        (b"data: a\n\n", None),
        (b"data: a\n\ndata: b", (b"", b"b")),
        (b"\xef\xbb\xbfevent: e\ndata: b\n", (b"e", b"b")),
        (b"data: a\n\n: waiting", None),
    ],
)
def test_the_rest_is_what_an_end_of_stream_would_lose(stream: bytes, rest: Event | None) -> None:
    reader = EventStream()
    reader.feed(stream)

    assert reader.rest() == rest
