"""Events of any length are the same however their bytes come by, and megabytes of base64 are not kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.shortened_events import ShortenedEvents


def cut(body: bytes, places: list[int], end: int = 100) -> tuple[list[bytes], bytes]:
    events, found = ShortenedEvents(end), []
    ends = sorted(p % (len(body) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        found += events.feed(body[a:b])
    return found, events.rest()


@pytest.mark.parametrize(
    ("body", "events", "rest"),
    [
        (b"", [], b""),
        (b'event: x\ndata: {"a":1}\n\ndata:{}\n\n', [b'{"a":1}', b"{}"], b""),
        (b': ping\r\n\r\ndata: {"a":1}\r\n\r\ndata: {"b"', [b'{"a":1}'], b'{"b"'),
        (b"data:\n\ndata: [DONE]\n\n", [b"[DONE]"], b""),
        (b"id: 1\nretry: 2\n", [], b""),
    ],
)
def test_an_event_is_its_line_of_data(body: bytes, events: list[bytes], rest: bytes) -> None:
    """Names, comments and empty lines are none."""
    assert cut(body, []) == (events, rest)


@given(st.lists(st.integers(0, 500), max_size=6), st.lists(st.integers(0, 5000), max_size=12))
def test_any_cutting_gives_the_same_events(sizes: list[int], places: list[int]) -> None:
    """Wherever the network cuts, long lines included."""
    body = b"".join(b"event: e\ndata: {%d %s}\n\n" % (n, b"x" * n) for n in sizes)

    assert cut(body, places) == cut(body, [])


@given(st.integers(0, 2000), st.lists(st.integers(0, 5000), max_size=6))
def test_of_a_long_one_the_middle_is_missing_and_the_object_stays_one(size: int, places: list[int]) -> None:
    """What is left out is inside of the image."""
    event = {"type": "image_generation.completed", "b64_json": "A" * size, "usage": {"output_tokens": 3}}

    (found,), rest = cut(b"data: " + json.dumps(event).encode() + b"\n\n", places)

    read = json.loads(found)
    assert read | {"b64_json": ""} == event | {"b64_json": ""}
    assert len(found) <= 200
    assert rest == b""


def test_memory_is_bounded_however_long_a_line_is() -> None:
    events = ShortenedEvents(end=100)

    for _ in range(10_000):
        assert events.feed(b"x" * 1000) == []

    assert len(events._head) + len(events._tail) <= 1300
