"""Events are cut without losing a byte, wherever the network cut them before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.answers.filtering import cut
from tollway.guardrails.answers.events import Events
from tollway.guardrails.answers.unit import Unit


def units(body: bytes, places: list[int] | None = None, limit: int = 1000) -> list[Unit]:
    events = Events(b"[DONE]", limit)
    found = [unit for piece in cut(body, places or []) for unit in events.feed(piece)]
    return [*found, events.rest()]


def data(body: bytes, places: list[int] | None = None) -> list[bytes]:
    return [unit.data for unit in units(body, places) if unit.data]


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        (b"", []),
        (b"data: {}\n\n", [b"{}"]),
        (b"data:{}\n\ndata: []\n\n", [b"{}", b"[]"]),
        (b"event: x\ndata: {}\n\n", [b"{}"]),
        (b"event: x\r\ndata: {}\r\n\r\ndata: 1\r\n\r\n", [b"{}", b"1"]),
        (b"event: x\rdata: {}\r\r", [b"{}"]),
        (b"data: {}\nevent: x\nid: 1\n\n", [b"{}"]),
        (b"data: {\ndata: }\n\n", [b"{\n}"]),
        (b"\xef\xbb\xbfdata: {}\n\n", [b"{}"]),
        (b": ping\n\n\n\ndata: {}\n\n", [b"{}"]),
        (b"data: {}\n\ndata: 1", [b"{}", b"1"]),
        (b"data:\n\n", []),
        (b"data: [DONE]\n\n", [b"[DONE]"]),
        (b' {"error": 1}', [b' {"error": 1}']),
    ],
)
def test_the_data_of_each_event_is_found(body: bytes, messages: list[bytes]) -> None:
    """By the rules of event streams: any line ends, any fields beside."""
    assert data(body) == messages
    assert data(body, [*range(len(body))]) == messages


EVENT = st.sampled_from([
    b"data: {}\n\n", b"data: 1\r\n\r\n", b"event: x\r\ndata: 2\r\n\r\n", b"\r", b"\n", b"data",
    b"data: {\ndata: }\n\n", b": ping\n\n", b"event: y\ndata:{}\n\n", b"data: \xc3\xa4\r\r", b"id: 1\n",
])  # fmt: skip


@given(st.lists(EVENT, max_size=6).map(b"".join), st.lists(st.integers(0, 99), max_size=6))
def test_no_byte_is_lost_and_cutting_changes_no_event(body: bytes, places: list[int]) -> None:
    """Wherever the network cuts, in the middle of a line's end too."""
    assert b"".join(unit.raw for unit in units(body, places)) == body
    assert data(body, places) == data(body)


@given(st.lists(EVENT, max_size=6).map(b"".join))
def test_an_event_with_the_same_message_is_the_same_event(body: bytes) -> None:
    """What is written around a message that changed is what was around it."""
    for unit in units(body)[:-1]:
        if unit.data:
            again = units(unit.holding(unit.data) + b"data: end\n\n")
            assert [one.data for one in again if one.data] == [unit.data, b"end"]
            assert unit.joint != b"\n" or unit.holding(unit.data) == unit.raw


@pytest.mark.parametrize(
    ("pieces", "events"),
    [
        ([b"data: 1\r\n\r\n"], [[b"data: 1\r\n\r\n"]]),
        ([b"data: 1\r\n", b"\r", b"\n", b"data: 2\n"], [[], [], [b"data: 1\r\n\r\n"], []]),
        ([b"data: 1\n\r", b"", b"data: 2\n\n"], [[], [], [b"data: 1\n\r", b"data: 2\n\n"]]),
        ([b"data: 1\r", b"\r", b"\ndata: 2\r\r"], [[], [b"data: 1\r\r"], [b"\ndata: 2\r\r"]]),
    ],
)
def test_an_event_goes_on_as_soon_as_it_is_whole(pieces: list[bytes], events: list[list[bytes]]) -> None:
    """At its blank line; of a carriage return that a line feed may follow, with that."""
    found = Events()

    assert [[unit.raw for unit in found.feed(piece)] for piece in pieces] == events


def test_what_is_longer_than_anyone_reads_passes_unread() -> None:
    """So that memory is bounded."""
    events = Events(limit=10)

    assert [unit.raw for unit in events.feed(b"data: 0123456789")] == [b"data: 0123456789"]
    assert events.feed(b"\n") == []
    assert [unit.data for unit in events.feed(b"\ndata: 1\n\n") if unit.data] == [b"1"]


def test_the_mark_ends_the_stream() -> None:
    """It is no message; where a format has none, nothing is one."""
    (unit,) = Events(b"[DONE]").feed(b"data: [DONE] \n\n")
    (other,) = Events().feed(b"data:\n\n")

    assert unit.ends
    assert not other.ends


@pytest.mark.parametrize(
    ("body", "written"),
    [
        (b"", b'data: {"type":"a"}\n\n'),
        (b"data: {}\n\n", b'data: {"type":"a"}\n\n'),
        (b"event: x\ndata: {}\n\n", b'event: a\ndata: {"type":"a"}\n\n'),
        (b"event: x\r\ndata: {}\r\n\r\n", b'event: a\r\ndata: {"type":"a"}\r\n\r\n'),
        (b"data: {}\nevent: x\n\n", b'event: a\ndata: {"type":"a"}\n\n'),
        (b"id: 1\rdata: {}\r\r", b'data: {"type":"a"}\r\r'),
    ],
)
def test_an_event_is_written_as_the_others_are(body: bytes, written: bytes) -> None:
    """With their line ends, and a name where they have one."""
    events = Events()
    events.feed(body)

    assert events.write({"type": "a"}) == written


def test_an_event_without_a_type_has_no_name() -> None:
    """Cohere's older ones have theirs elsewhere."""
    events = Events()
    events.feed(b"event: x\ndata: {}\n\n")

    assert events.write({}) == b"data: {}\n\n"
    assert events.write({"type": "\n"}) == b'data: {"type":"\\n"}\n\n'
    assert events.write({"event_type": "b"}) == b'event: b\ndata: {"event_type":"b"}\n\n'


def test_the_end_is_the_mark() -> None:
    """For who has one."""
    assert Events(b"[DONE]").close() == b"data: [DONE]\n\n"
    assert Events().close() == b""


def test_a_last_event_that_changes_is_finished() -> None:
    """So that another one may follow it."""
    events = Events()
    events.feed(b"data: 1")

    assert events.rest().holding(b"2") == b"data: 2\n\n\n"
