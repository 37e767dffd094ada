"""`tollway.inspection.messages`: a body is cut into its messages."""

from base64 import b64encode
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import event, exception
from tollway.inspection import messages as module
from tollway.inspection.document import Document
from tollway.inspection.messages import Messages

AWS = "application/vnd.amazon.eventstream"


def read(media_type: str, *pieces: bytes) -> tuple[list[Any], Document]:
    """The messages that came, and what is left."""
    messages = Messages(media_type)
    came = [message for piece in pieces for message in messages.feed(piece)]
    return came, messages.rest()


def test_events_come_one_by_one() -> None:
    """A last one counts though nothing has closed it; what is no object is left out."""
    came, rest = read("text/event-stream", b" \n", b'data: {"a": 1}\n\ndata: [DONE]\n\nda', b'ta: {"b": 2}')

    assert came == [{"a": 1}]
    assert rest == Document([{"b": 2}])


def test_events_that_end_well_leave_nothing() -> None:
    """Neither a message nor a remark."""
    assert read("text/event-stream; charset=utf-8", b'data: {"a": 1}\n\n')[1] == Document([])


def test_a_refused_stream_is_an_object() -> None:
    """Whatever its content type says."""
    assert read("text/event-stream", b'{"error": {}}') == ([], Document([{"error": {}}]))


def test_lines_come_one_by_one() -> None:
    """Where the content type says that they are lines."""
    came, rest = read("application/x-ndjson", b'{"a": 1}\n{"b"', b": 2}\n{")

    assert came == [{"a": 1}, {"b": 2}]
    assert rest == Document([])


def test_no_bytes_are_no_body() -> None:
    """Nor are blanks."""
    assert read("application/json", b"", b" \n") == ([], Document([]))


def test_bytes_that_are_no_text_are_counted() -> None:
    """Not kept."""
    assert read("audio/mpeg", b" ID3", b"..") == ([], Document([], media="audio/mpeg", size=6))


def test_frames_are_messages_by_their_names() -> None:
    """An exception is an error; InvokeModel's chunks hold the model's own events."""
    chunk = {"bytes": b64encode(b'{"a": 1}').decode()}
    frames = [
        event("messageStart", {"role": "assistant"}),
        event("chunk", chunk),
        event("chunk", {"bytes": "a"}),
        event("list", [1]),
        exception("throttlingException", "Slow down."),
    ]

    came, rest = read(AWS, *frames)

    assert came == [
        {"messageStart": {"role": "assistant"}},
        {"a": 1},
        {"error": {"type": "throttlingException", "message": "Slow down."}},
    ]
    assert rest == Document([])


def test_a_broken_event_stream_says_so() -> None:
    """No message behind the break can be found."""
    _, rest = read(AWS, b"no frame at all, but long enough")

    assert rest.remark == "the event stream is broken: nothing behind that was read"


def test_what_is_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """And says so."""
    monkeypatch.setattr(module, "LARGEST", 12)

    _, rest = read("application/json", b'{"a": "0123', b'456789"}')

    assert rest.messages == [{"a": "01234"}]
    assert rest.remark == "the answer is longer than the 12 bytes that are shown"


@given(
    cuts=st.lists(st.integers(0, 60), max_size=4),
    media=st.sampled_from(["text/event-stream", "", "application/x-ndjson"]),
)
def test_any_cut_gives_the_same(cuts: list[int], media: str) -> None:
    """Of events, lines and objects."""
    body = b'\r\n data: {"a": 1}\r\n\r\ndata: {"b": 2}\n{"c": 3}\n'
    places = [0, *sorted(cuts), len(body)]

    came, rest = read(media, *[body[start:end] for start, end in pairwise(places)])

    whole, left = read(media, body)
    assert came + list(rest.messages) == whole + list(left.messages)
    assert rest.text == left.text
