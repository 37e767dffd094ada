"""Of a stream whose messages say their type only those that tell are parsed."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire.framing import Events, EventsOrLines
from tollway.wire.ndjson import Lines
from tollway.wire.typed_stream import TypedStream, types

TYPES = types("type", deltas="say.delta think.delta", written="text thought", telling="begin end")


def tell(report: Report, message: Mapping[str, Any]) -> Report:
    if message.get("type") == "end":
        return replace(report, usage=Usage(pages=message["pages"]), complete=True)
    return replace(report, id=str(message.get("id") or "") or report.id)


def lines(*messages: object) -> bytes:
    return "".join(json.dumps(m) + "\n" for m in messages).encode()


def read(body: bytes, places: list[int] | None = None) -> TypedStream:
    reader = TypedStream(Lines(), TYPES, tell)
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


BODY = lines(
    {"type": "begin", "id": "a"},
    {"type": "think.delta", "content": {"thought": "Hm. "}},
    {"type": "say.delta", "content": [{"text": 'A "b"'}, {"text": "\n"}], "name": "no text"},
    {"type": "other", "text": "not written", "id": "b"},
    {"type": "end", "pages": 3},
)


@given(st.lists(st.integers(0, 400), max_size=8))
def test_deltas_are_delivered_and_the_end_is_told(places: list[int]) -> None:
    """Wherever the bytes are cut."""
    reader = read(BODY, places)

    assert reader.report() == Report(id="a", usage=Usage(pages=3), complete=True)
    assert reader.delivered() == b'Hm. A "b"\n'


def test_what_has_no_type_is_told_and_what_has_another_is_not_even_parsed() -> None:
    """An error stands alone; results of searches are long."""
    seen: list[Mapping[str, Any]] = []

    def note(report: Report, message: Mapping[str, Any]) -> Report:
        seen.append(message)
        return report

    reader = TypedStream(EventsOrLines(), TYPES, note)
    reader.feed(lines({"id": "a"}, {"type": "other"}, {"type": "begin"}))

    assert seen == [{"id": "a"}, {"type": "begin"}]


def test_a_last_message_that_nothing_has_closed_counts() -> None:
    """What bills may still be in it."""
    assert read(BODY.rstrip()).report() == read(BODY).report()
    events = TypedStream(Events(), TYPES, tell)
    events.feed(b'data: {"type":"end","pages":1}')
    assert events.report() == Report(usage=Usage(pages=1), complete=True)


@pytest.mark.parametrize("body", [b"{", b'{"type":"end"', b"[DONE]\n", b'["end"]\n', b"\xff\n", b'"x"\n'])
def test_what_is_no_object_changes_nothing(body: bytes) -> None:
    """Marks of the end, and half a message."""
    reader = read(lines({"type": "begin", "id": "a"}) + body)

    assert reader.report() == Report(id="a")


def test_deltas_are_told_until_enough_is_known() -> None:
    """Some formats name their model there alone; what is known is not looked for again."""
    deltas = [{"type": "say.delta", "text": "a"}, {"type": "say.delta", "text": "b", "id": "x"}]
    reader = TypedStream(Lines(), TYPES, tell, lambda report: report.id is not None)

    reader.feed(lines(*deltas, {"type": "say.delta", "text": "c", "id": "y"}))

    assert reader.report() == Report(id="x")
    assert reader.delivered() == b"abc"
