"""What an answer of Converse used stands in its usage, and in a stream's last event."""

import json
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import error, event, exception
from tollway.model import Report, Usage
from tollway.wire.bedrock_converse_answer import ConverseStream, ConverseWhole

COUNTS = {
    "inputTokens": 10, "outputTokens": 30, "totalTokens": 1140, "serverToolUsage": {},
    "cacheReadInputTokens": 1000, "cacheReadInputTokenCount": 1000,
    "cacheWriteInputTokens": 100, "cacheWriteInputTokenCount": 100,
    "cacheDetails": [{"inputTokens": 60, "ttl": "1h"}, {"inputTokens": 40, "ttl": "5m"}],
}  # fmt: skip
USED = Usage(
    input_tokens=1110,
    cache_read_tokens=1000,
    cache_write_tokens=100,
    cache_write_1h_tokens=60,
    output_tokens=30,
)
"""10 + 1000 + 100 = 1110."""
ROUTED = "arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0"
SERVED: dict[str, Any] = {
    "usage": COUNTS,
    "metrics": {"latencyMs": 422},
    "serviceTier": {"type": "priority"},
    "performanceConfig": {"latency": "optimized"},
    "trace": {"promptRouter": {"invokedModelId": ROUTED}},
}
TEXTS: list[dict[str, Any]] = [
    {"reasoningContent": {"text": "Let me\nthink"}},
    {"reasoningContent": {"signature": "c2lnbg=="}},
    {"text": 'A "text"'},
    {"toolUse": {"input": '{"a":'}},
    {"toolUse": {"input": "1}"}},
]
STREAM = [
    event("messageStart", {"role": "assistant", "p": "abc"}),
    event("contentBlockStart", {"start": {"toolUse": {"name": "look", "toolUseId": "t"}}, "p": "ab"}),
    *(event("contentBlockDelta", {"contentBlockIndex": 0, "delta": d, "p": "abcdef"}) for d in TEXTS),
    event("contentBlockStop", {"contentBlockIndex": 0}),
    event("messageStop", {"stopReason": "end_turn"}),
    event("metadata", {**SERVED, "p": "abcd"}),
]
SAID = 'Let me\nthinkA "text"{"a":1}'


def streamed(*frames: bytes, headers: dict[str, str] | None = None) -> ConverseStream:
    reader = ConverseStream(headers or {})
    for frame in frames:
        reader.feed(frame)
    return reader


def whole(body: Any, headers: dict[str, str] | None = None) -> ConverseWhole:
    reader = ConverseWhole(headers or {})
    reader.feed(json.dumps(body).encode())
    return reader


EXPECTED = Report(usage=USED, model=ROUTED, tier="priority", speed="optimized", complete=True)


@given(st.lists(st.integers(0, 3000), max_size=9))
def test_a_stream_is_read_however_it_is_cut(places: list[int]) -> None:
    stream = b"".join(STREAM)
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]

    reader = streamed(*(stream[a:b] for a, b in pairwise(ends)))

    assert reader.report() == EXPECTED
    assert reader.delivered().decode() == SAID


def test_an_answer_in_one_piece_tells_the_same() -> None:
    content = [{"text": 'A "text"'}, {"toolUse": {"toolUseId": "t", "name": "look", "input": {"a": 1}}}]
    reader = whole({"output": {"message": {"role": "assistant", "content": content}}, **SERVED})

    assert reader.report() == EXPECTED
    assert reader.delivered() == b'A "text"look{"a":1}'


def test_a_stream_without_its_metadata_is_not_complete() -> None:
    """The model has stopped, but nothing was counted: the texts are what is known."""
    report = streamed(*STREAM[:-1]).report()

    assert report == Report()
    assert streamed(*STREAM[:-1]).delivered().decode() == SAID


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        (exception("throttlingException", "Too many tokens"), "throttlingException"),
        (exception("modelStreamErrorException", "?"), "modelStreamErrorException"),
        (exception("", "?"), "error"),
        (error("InternalFailure", "?"), "InternalFailure"),
        (b"\0\0\0\x10\0\0\0\0\0\0\0\0", "broken"),
    ],
)
def test_a_stream_may_end_in_an_error(last: bytes, kind: str) -> None:
    report = streamed(*STREAM[:4], last).report()

    assert (report.error, report.complete, report.usage) == (kind, False, None)


@pytest.mark.parametrize("metadata", [{}, {"usage": 5, "trace": [], "serviceTier": "flex"}, [1]])
def test_metadata_of_any_shape_is_taken_as_it_is(metadata: Any) -> None:
    assert streamed(event("metadata", metadata)).report() == Report(complete=True)


def test_headers_know_the_answers_id() -> None:
    headers = {"x-amzn-requestid": "f00d", "x-amzn-bedrock-service-tier": "default"}

    assert whole({"usage": {"inputTokens": 1}}, headers).report() == Report(
        usage=Usage(input_tokens=1), tier="default", id="f00d", complete=True
    )


def test_the_usual_latency_is_no_speed() -> None:
    body = {"usage": {"inputTokens": 1}, "performanceConfig": {"latency": "standard"}}

    assert whole(body).report().speed is None


def test_an_error_is_known_by_its_name() -> None:
    named = {"x-amzn-errortype": "ValidationException:http://internal.amazon.com/coral/"}

    assert whole({"message": "No."}, named).report() == Report(error="ValidationException", complete=True)
    assert whole({"message": "No."}).report() == Report(error="error", complete=True)


def test_an_answer_that_is_cut_off_is_not_complete() -> None:
    body = orjson.dumps({"usage": COUNTS, "output": {"message": {"content": [{"text": "x" * 99}]}}})
    reader = ConverseWhole({})

    reader.feed(body[:-20])

    assert reader.report() == Report(usage=USED)
