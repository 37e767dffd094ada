"""A message is the same, whichever way its stream is cut into messages."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.framing import Elements, Events, EventsOrLines, Framing
from tollway.wire.ndjson import Lines

MESSAGES = [b'{"a":"[{"}', b'{"b":[1,{"c":2}]}', b"{}"]
FRAMED = [
    (Events, b"".join(b"data: " + m + b"\n\n" for m in MESSAGES)),
    (Elements, b"[" + b",\r\n".join(MESSAGES) + b"]"),
    (Lines, b"".join(m + b"\n" for m in MESSAGES)),
    (EventsOrLines, b"\r\n" + b"".join(b"event: x\ndata: " + m + b"\n\n" for m in MESSAGES)),
    (EventsOrLines, b"\n " + b"".join(m + b"\n" for m in MESSAGES)),
]


@pytest.mark.parametrize(("make", "body"), FRAMED)
@given(places=st.lists(st.integers(0, 90), max_size=6))
def test_each_framing_yields_the_messages(
    make: Callable[[], Framing], body: bytes, places: list[int]
) -> None:
    """Wherever the bytes are cut."""
    framing, found = make(), []
    ends = sorted(p % (len(body) + 1) for p in places)

    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        found += framing.feed(body[a:b])

    assert found == MESSAGES
    assert framing.rest() == b""


@pytest.mark.parametrize(
    ("make", "body", "rest"),
    [
        (Events, b'data: {"a":1}\n', b'{"a":1}'),
        (Elements, b'[{"a":1', b""),
        (Lines, b'{"a":1}', b'{"a":1}'),
        (EventsOrLines, b'data: {"a":1}', b'{"a":1}'),
        (EventsOrLines, b'{"a":1}', b'{"a":1}'),
        (EventsOrLines, b" \n", b""),
    ],
)
def test_what_nothing_has_ended_is_its_rest(make: Callable[[], Framing], body: bytes, rest: bytes) -> None:
    """But an element of an array is none before its bracket."""
    framing = make()

    assert framing.feed(body) == []
    assert framing.rest() == rest
