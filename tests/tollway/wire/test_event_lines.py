"""AWS's binary event stream as text, a line for each event, however its bytes are cut."""

import base64
from itertools import pairwise

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import error, message, string
from tollway.wire.event_lines import EventLines


def event(name: str, payload: bytes, kind: str = "event") -> bytes:
    return message(payload, string(":message-type", kind), string(f":{kind}-type", name))


INNER = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "caf\u00e9"}}
STREAM = b"".join(
    [
        event("contentBlockDelta", b'{"delta":{"text":"hi"},\n"contentBlockIndex":0}'),
        event("chunk", orjson.dumps({"bytes": base64.b64encode(orjson.dumps(INNER)).decode(), "p": "ab"})),
        event("throttlingException", b'{"message":"too many"}', "exception"),
        event("odd", b'["x"]', "exception"),
        error("Internal", "it failed"),
    ]
)


def lines(stream: bytes, places: list[int]) -> list[object]:
    made, ends = EventLines(), [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]
    text = b"".join(made.feed(stream[a:b]) for a, b in pairwise(ends))
    return [orjson.loads(line) for line in text.splitlines()]


@given(st.lists(st.integers(0, 5000), max_size=9))
def test_each_event_is_a_line_by_its_name_and_of_a_model_its_own(places: list[int]) -> None:
    found = lines(STREAM, places)

    assert found == [
        {"contentBlockDelta": {"delta": {"text": "hi"}, "contentBlockIndex": 0}},
        INNER,
        {"error": {"type": "throttlingException", "message": "too many"}},
        {"error": {"type": "odd", "message": None}},
        {"error": {"type": "Internal", "message": None}},
    ]


def test_what_is_no_json_is_left_out() -> None:
    stream = b"".join(
        [
            event("messageStart", b"no json"),
            event("chunk", b'{"bytes": "%%%"}'),
            event("chunk", b'{"other": 1}'),
            event("chunk", b"[]"),
            event("messageStop", b'{"stopReason":"end_turn"}'),
        ]
    )

    assert lines(stream, []) == [{"messageStop": {"stopReason": "end_turn"}}]


def test_nothing_behind_what_is_broken_is_read() -> None:
    assert lines(event("a", b"{}") + b"\xff" * 100 + event("b", b"{}"), [])[:1] == [{"a": {}}]
