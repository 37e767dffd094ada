"""A model's own answer and what Bedrock counts beside it come to one report."""

import json
from base64 import b64encode
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import event, exception
from tests.tollway.wire.invoked import CLAUDE_USED, END, NAMED, START, endpoint, whole
from tollway.model import Report, Usage
from tollway.wire.bedrock_invoke_answer import InvokeStream, is_named

PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1dadi0g15f"


def chunk(inner: Any, p: str = "abc") -> bytes:
    return event("chunk", {"bytes": b64encode(orjson.dumps(inner)).decode(), "p": p})


def metrics(**counts: int) -> dict[str, Any]:
    return {"amazon-bedrock-invocationMetrics": {**counts, "invocationLatency": 9, "firstByteLatency": 4}}


def streamed(*frames: bytes, model: str = NAMED, headers: dict[str, str] | None = None) -> InvokeStream:
    reader = InvokeStream(endpoint(model), headers or {})
    for frame in frames:
        reader.feed(frame)
    return reader


DELTAS = [
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 'A "word"\n'}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{}"}},
    {"type": "content_block_stop", "index": 0},
]
STOP = {
    "type": "message_stop",
    **metrics(
        inputTokenCount=3, outputTokenCount=12, cacheReadInputTokenCount=500, cacheWriteInputTokenCount=90
    ),
}
CLAUDE = [chunk(inner) for inner in (START, *DELTAS, END, STOP)]


@given(st.lists(st.integers(0, 5000), max_size=9))
def test_claudes_events_are_read_however_they_are_cut(places: list[int]) -> None:
    stream = b"".join(CLAUDE)
    ends = [0, *sorted(place % (len(stream) + 1) for place in places), len(stream)]

    reader = streamed(*(stream[a:b] for a, b in pairwise(ends)))

    assert reader.report() == Report(usage=CLAUDE_USED, id="msg_bdrk_01", complete=True)
    assert reader.delivered() == b'A "word"\n{}'


def test_what_went_through_a_cache_may_be_told_only_at_the_stop() -> None:
    """As LiteLLM saw it: zeros at the start, the caches at `message_stop`, and a smaller output there."""
    message = {**START["message"], "usage": {"input_tokens": 3, "output_tokens": 1}}  # type: ignore[dict-item]
    late = {
        "input_tokens": 3,
        "cache_read_input_tokens": 25,
        "cache_creation_input_tokens": 10,
        "output_tokens": 9,
    }
    stop = {"type": "message_stop", "usage": late, **metrics(inputTokenCount=3, outputTokenCount=9)}

    report = streamed(*map(chunk, ({**START, "message": message}, END, stop))).report()

    assert report.usage == Usage(
        input_tokens=38, cache_read_tokens=25, cache_write_tokens=10, output_tokens=12, web_searches=1
    )


def test_or_by_bedrocks_own_counts_alone() -> None:
    """3 + 9821 + 7 = 9831."""
    zeros = {"input_tokens": 3, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
    message = {**START["message"], "usage": zeros}  # type: ignore[dict-item]
    stop = {
        "type": "message_stop",
        **metrics(
            inputTokenCount=3, outputTokenCount=12, cacheReadInputTokenCount=9821, cacheWriteInputTokenCount=7
        ),
    }

    report = streamed(*map(chunk, ({**START, "message": message}, END, stop))).report()

    assert report.usage == Usage(
        input_tokens=9831, cache_read_tokens=9821, cache_write_tokens=7, output_tokens=12, web_searches=1
    )


def test_a_stream_that_was_cut_knows_its_input_and_is_not_complete() -> None:
    """Even after `message_delta`: what went through a cache may still be to come."""
    cut, delta = streamed(*CLAUDE[:4]).report(), streamed(*CLAUDE[:-1]).report()

    assert cut.usage is not None
    assert (cut.usage.input_tokens, cut.usage.output_tokens, cut.complete) == (593, None, False)
    assert (delta.usage, delta.complete) == (CLAUDE_USED, False)


def test_a_stop_without_counts_is_the_end_too() -> None:
    report = streamed(*CLAUDE[:-1], chunk({"type": "message_stop"})).report()

    assert (report.usage, report.complete) == (CLAUDE_USED, True)


def test_a_models_event_may_be_printed_over_several_lines() -> None:
    inner = b64encode(json.dumps(END, indent=1).replace("\n", "\r\n").encode()).decode()

    report = streamed(CLAUDE[0], event("chunk", {"bytes": inner}), CLAUDE[-1]).report()

    assert report.usage == CLAUDE_USED


def test_another_model_that_took_part_is_billed_apart() -> None:
    """Claude's own share goes by the path's name of it, since that has the region."""
    advisor = {"type": "advisor_message", "model": "claude-a", "input_tokens": 4, "output_tokens": 2}
    end = {**END, "usage": {"output_tokens": 12, "iterations": [advisor]}}

    report = streamed(CLAUDE[0], chunk(end), CLAUDE[-1]).report()

    assert [(p.model, p.usage.output_tokens) for p in report.portions] == [(None, 12), ("claude-a", 2)]
    assert report.usage is not None
    assert (report.usage.input_tokens, report.usage.output_tokens) == (597, 14)


NOVA: list[dict[str, Any]] = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": "It"}, "contentBlockIndex": 0}},
    {"contentBlockDelta": {"delta": {"toolUse": {"input": '{"a":1}'}}, "contentBlockIndex": 1}},
    {"messageStop": {"stopReason": "max_tokens"}},
    {"metadata": {"usage": {"inputTokens": 5, "outputTokens": 10, "cacheReadInputTokenCount": 2}},
     **metrics(inputTokenCount=5, outputTokenCount=10, cacheReadInputTokenCount=2)},
]  # fmt: skip
TITAN = [
    {"outputText": "Hello! ", "index": 0, "totalOutputTextTokenCount": None, "inputTextTokenCount": 5},
    {"outputText": "I", "index": 0, "totalOutputTextTokenCount": 10, "completionReason": "LENGTH",
     "inputTextTokenCount": 5, **metrics(inputTokenCount=5, outputTokenCount=10)},
]  # fmt: skip
LLAMA = [
    {"generation": "This ", "prompt_token_count": 5, "generation_token_count": 1, "stop_reason": None},
    {"generation": "is", "prompt_token_count": None, "generation_token_count": 10, "stop_reason": "length",
     **metrics(inputTokenCount=5, outputTokenCount=10)},
]  # fmt: skip
MISTRAL = [
    {"outputs": [{"text": "to find", "stop_reason": None}]},
    {
        "outputs": [{"text": " out", "stop_reason": "length"}],
        **metrics(inputTokenCount=6, outputTokenCount=10),
    },
]
COMMAND = [
    {"is_finished": False, "event_type": "text-generation", "text": "This"},
    {"is_finished": True, "event_type": "stream-end", **metrics(inputTokenCount=5, outputTokenCount=10)},
]
GPT_OSS = [
    {"id": "c-1", "model": "openai.gpt-oss-120b", "choices": [{"delta": {"reasoning": "Hm"}}], "usage": None},
    {"id": "c-1", "model": "openai.gpt-oss-120b", "choices": [{"delta": {"content": "Hi"}}]},
    {"id": "c-1", "model": "openai.gpt-oss-120b", "choices": [],
     "usage": {"prompt_tokens": 72, "completion_tokens": 45, "total_tokens": 117,
               "completion_tokens_details": {"reasoning_tokens": 30}}},
    {"choices": [], **metrics(inputTokenCount=72, outputTokenCount=45)},
]  # fmt: skip
CLAUDE_2 = [{"completion": " Hi", "stop_reason": None}, metrics(inputTokenCount=14, outputTokenCount=10)]


@pytest.mark.parametrize(
    ("inner", "usage", "said"),
    [
        pytest.param(
            NOVA, Usage(input_tokens=7, cache_read_tokens=2, output_tokens=10), 'It{"a":1}', id="Nova"
        ),
        pytest.param(TITAN, Usage(input_tokens=5, output_tokens=10), "Hello! I", id="Titan"),
        pytest.param(LLAMA, Usage(input_tokens=5, output_tokens=10), "This is", id="Llama"),
        pytest.param(MISTRAL, Usage(input_tokens=6, output_tokens=10), "to find out", id="Mistral"),
        pytest.param(COMMAND, Usage(input_tokens=5, output_tokens=10), "This", id="Cohere"),
        pytest.param(
            GPT_OSS, Usage(input_tokens=72, output_tokens=45, reasoning_tokens=30), "HmHi", id="gpt-oss"
        ),
        pytest.param(CLAUDE_2, Usage(input_tokens=14, output_tokens=10), " Hi", id="Claude 2"),
    ],
)
def test_every_models_stream_ends_with_bedrocks_counts(
    inner: list[dict[str, Any]], usage: Usage, said: str
) -> None:
    frames = [chunk(event) for event in inner]

    assert streamed(*frames).report() == Report(usage=usage, complete=True)
    assert streamed(*frames).delivered().decode() == said
    assert not streamed(*frames[:-1]).report().complete


def test_the_answers_name_of_the_model_holds_where_the_path_hides_it() -> None:
    assert streamed(*CLAUDE, model=PROFILE).report().model == "claude-sonnet-4-5-20250929"
    assert streamed(*map(chunk, GPT_OSS), model=PROFILE).report().model == "openai.gpt-oss-120b"
    assert whole({"model": "m", "usage": {"prompt_tokens": 1}}, model=PROFILE).report().model == "m"
    assert whole({"model": "m", "usage": {"prompt_tokens": 1}}).report().model is None


@pytest.mark.parametrize(
    ("model", "named"),
    [
        ("amazon.nova-micro-v1:0", True),
        ("arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0", True),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0", True),
        (PROFILE, False),
        ("arn:aws:bedrock:us-east-1:1:provisioned-model/abc", False),
        ("arn:aws:bedrock:us-east-1:1:default-prompt-router/anthropic.claude:1", False),
        ("", False),
    ],
)
def test_most_ids_name_a_model(model: str, named: bool) -> None:
    assert is_named(model) is named


@pytest.mark.parametrize(
    ("frames", "error"),
    [
        ([*CLAUDE[:4], exception("modelStreamErrorException", "?")], "modelStreamErrorException"),
        ([*CLAUDE[:4], exception("", "?")], "error"),
        ([CLAUDE[0], chunk({"type": "error", "error": {"type": "overloaded_error"}})], "overloaded_error"),
        ([CLAUDE[0], b"\0\0\0\x10\0\0\0\0\0\0\0\0"], "broken"),
    ],
)
def test_a_stream_may_end_in_an_error(frames: list[bytes], error: str) -> None:
    report = streamed(*frames).report()

    assert (report.error, report.complete) == (error, False)
    assert report.usage is not None
    assert report.usage.input_tokens == 593


@pytest.mark.parametrize(
    "frame",
    [
        event("chunk", {"p": "abc"}),
        event("chunk", {"bytes": "a"}),
        event("chunk", {"bytes": ""}),
        event("other", {"bytes": "aGk="}),
        chunk([1]),
        event("chunk", {"bytes": b64encode(b'{"usage":{').decode()}),
    ],
)
def test_what_is_no_event_changes_nothing(frame: bytes) -> None:
    assert streamed(frame).report() == Report()


def test_escaped_slashes_of_base64_are_slashes() -> None:
    inner = b64encode(orjson.dumps({"generation": "ÿ?ÿ", **metrics(inputTokenCount=1)})).decode()
    assert "/" in inner
    frame = event("chunk", orjson.Fragment('{"bytes":"' + inner.replace("/", "\\/") + '"}'))

    assert streamed(frame).report().usage == Usage(input_tokens=1)


NAMES = [
    "type", "message", "usage", "delta", "metadata", "amazon-bedrock-invocationMetrics", "results", "images",
    "model", "inputTokenCount", "input_tokens", "iterations",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**15) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), JSON), max_size=4))
def test_no_inner_event_makes_a_stream_raise(inner: list[dict[str, Any]]) -> None:
    reader = streamed(*map(chunk, inner))

    known = (reader.report().usage or Usage()).known()
    assert all(0 <= n <= 10**13 for n in known.values())
    reader.delivered()
