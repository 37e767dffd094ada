"""AWS's events are cut without losing a byte, and have right checksums where they change."""

from base64 import b64encode

import orjson
import pytest

from tests.simulator.event_stream import error, event, exception, message, string
from tests.tollway.guardrails.answers.filtering import cut
from tollway.guardrails.answers.frames import Frames
from tollway.guardrails.answers.unit import Unit
from tollway.wire.event_stream import FrameStream

INNER = b'{"type":"ping"}'
CHUNK = event("chunk", {"bytes": b64encode(INNER).decode(), "p": "ab"})


def units(body: bytes, places: list[int]) -> list[Unit]:
    frames = Frames()
    found = [unit for piece in cut(body, places) for unit in frames.feed(piece)]
    return [*found, frames.rest()]


@pytest.mark.parametrize("lost", [0, 1, 50])
def test_no_byte_is_lost_and_cutting_changes_no_event(lost: int) -> None:
    """Of a stream that breaks off, too."""
    body = event("messageStart", {"role": "assistant"}) + event("messageStop", {}) + CHUNK + error("x", "y")
    body = body[: len(body) - lost]

    for places in ([], [1, 50, 90], [*range(len(body))]):
        found = units(body, places)

        assert b"".join(unit.raw for unit in found) == body
        assert [unit.data for unit in found if unit.data] == [
            b'{"messageStart":{"role":"assistant"}}',
            b'{"messageStop":{}}',
            INNER,
        ]


def test_a_changed_event_has_right_lengths_and_checksums() -> None:
    """And the headers that it had; a chunk, what it had beside its bytes."""
    (named,) = Frames().feed(event("messageStop", {"stopReason": "x"}))
    (chunk,) = Frames().feed(CHUNK)

    assert named.holding(named.data) == named.raw
    assert named.holding(b'{"messageStop":{}}') == event("messageStop", {})
    assert chunk.holding(INNER) == CHUNK
    (frame,) = FrameStream().feed(chunk.holding(b"{}"))
    assert (frame.name, frame.payload) == ("chunk", b'{"bytes":"e30=","p":"ab"}')


def test_events_are_written_as_others_are() -> None:
    """By their names, or in chunks."""
    named, chunks = Frames(), Frames()
    chunks.feed(CHUNK)

    assert named.write({"messageStop": {"stopReason": "x"}}) == event("messageStop", {"stopReason": "x"})
    assert chunks.write(orjson.loads(INNER)) == event("chunk", {"bytes": b64encode(INNER).decode()})
    assert named.write({"a": 1, "b": 2}) == event("chunk", {"bytes": b64encode(b'{"a":1,"b":2}').decode()})
    assert named.close() == b""


@pytest.mark.parametrize(
    ("body", "ends"),
    [
        (exception("throttlingException", "x"), True),
        (error("x", "y"), True),
        (event("chunk", {}), False),
        (event("chunk", {"bytes": 5}), False),
        (message(b"{", string(":event-type", "chunk")), False),
        (event("an event", {}), False),
    ],
)
def test_what_is_no_message_passes(body: bytes, ends: bool) -> None:
    """Errors end the texts before them."""
    (unit,) = Frames().feed(body)

    assert (unit.raw, unit.data, unit.ends) == (body, b"", ends)


def test_a_broken_stream_passes_unread() -> None:
    """From where it is broken on."""
    frames = Frames()

    assert [unit.raw for unit in frames.feed(CHUNK + b"no event stream")] == [CHUNK, b"no event stream"]
    assert [unit.raw for unit in frames.feed(CHUNK)] == [CHUNK]
    assert frames.rest().raw == b""
