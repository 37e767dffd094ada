"""Streams are cut into the same messages wherever the network cuts them, and broken ones into some."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from hypothesis import given, note

from tests.fuzz.cases import Case, cases
from tollway.wire.event_stream import FrameStream
from tollway.wire.framing import Elements, Events, EventsOrLines
from tollway.wire.json_array import JsonArray
from tollway.wire.ndjson import Lines
from tollway.wire.shortened_events import ShortenedEvents
from tollway.wire.sse import EventStream


class Cutter(Protocol):
    """What all framings have."""

    def feed(self, data: bytes) -> list[Any]:
        """The messages that the next bytes finish."""


FRAMINGS: tuple[Callable[[], Cutter], ...] = (
    EventStream,
    Events,
    EventsOrLines,
    Elements,
    JsonArray,
    Lines,
    ShortenedEvents,
    FrameStream,
    lambda: EventStream(limit=50),
    lambda: JsonArray(limit=50),
    lambda: Lines(limit=50),
    lambda: ShortenedEvents(end=50),
    lambda: FrameStream(payload=50, headers=50),
)


@pytest.mark.parametrize("framing", FRAMINGS)
@given(case=cases)
def test_the_messages_are_the_same_for_any_cut(framing: Callable[[], Cutter], case: Case) -> None:
    """Whatever the bytes, and whichever framing they were meant for."""
    data = case.changed(case.golden.answer)
    note(f"stream: {data[:3000]!r}")
    whole, cut = framing(), framing()

    found = whole.feed(data)

    assert [message for piece in case.pieces(data) for message in cut.feed(piece)] == found
    if isinstance(whole, Events | EventsOrLines | Elements | Lines | ShortenedEvents):
        assert cut.rest() == whole.rest()  # type: ignore[attr-defined]
        assert len(whole.rest()) <= len(data)
