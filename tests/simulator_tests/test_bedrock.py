"""Bedrock's answers as the simulator gives them: valid frames, and counts that agree with each other."""

from base64 import b64decode
from dataclasses import replace
from typing import Any

import orjson
import pytest
from anthropic.types import Message, RawMessageStreamEvent
from pydantic import TypeAdapter

from tests.simulator import Scenario, Usage
from tests.simulator.dialects import bedrock_converse, bedrock_invoke
from tests.simulator.dialects.dialect import Asked
from tests.simulator.routes import route
from tollway.wire.event_stream import Frame, FrameStream

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
FULL = Usage(
    input_tokens=1000, cache_read_tokens=600, cache_write_tokens=300, cache_write_1h_tokens=200,
    output_tokens=70, tier="flex", speed="optimized",
)  # fmt: skip


def frames(pieces: list[bytes]) -> list[Frame]:
    reader = FrameStream()
    found = [frame for piece in pieces for frame in reader.feed(piece)]
    assert not reader.broken
    assert len(found) == len(pieces)
    return found


def inner(pieces: list[bytes]) -> list[dict[str, Any]]:
    return [orjson.loads(b64decode(orjson.loads(frame.payload)["bytes"])) for frame in frames(pieces)]


@pytest.mark.parametrize(
    ("operation", "dialect", "stream"),
    [
        ("converse", "bedrock_converse", False),
        ("converse-stream", "bedrock_converse", True),
        ("count-tokens", "bedrock_converse", False),
        ("invoke", "bedrock_invoke", False),
        ("invoke-with-response-stream", "bedrock_invoke", True),
    ],
)
def test_the_path_says_what_is_asked(operation: str, dialect: str, stream: bool) -> None:
    path = f"/model/us.anthropic.claude%3A0/{operation}"

    asked = bedrock_converse.ask(path, "", {})

    assert route("POST", path) == dialect
    assert (asked.model, asked.stream) == ("us.anthropic.claude:0", stream)


def test_converse_counts_cached_input_apart() -> None:
    body = orjson.loads(bedrock_converse.whole(Asked(), Scenario(usage=FULL, thinking=1, model="routed")))

    usage = body["usage"]
    assert (usage["inputTokens"], usage["outputTokens"], usage["totalTokens"]) == (100, 70, 1070)
    assert (usage["cacheReadInputTokens"], usage["cacheWriteInputTokens"]) == (600, 300)
    assert usage["cacheDetails"] == [{"ttl": "1h", "inputTokens": 200}, {"ttl": "5m", "inputTokens": 100}]
    assert body["serviceTier"] == {"type": "flex"}
    assert body["performanceConfig"] == {"latency": "optimized"}
    assert body["trace"] == {"promptRouter": {"invokedModelId": "routed"}}
    assert list(body["output"]["message"]["content"][0]) == ["reasoningContent"]


def test_a_converse_stream_ends_with_its_metadata() -> None:
    found = frames(bedrock_converse.events(Asked(stream=True), Scenario(events=3, thinking=1, usage=None)))

    assert [frame.name for frame in found] == [
        "messageStart", *["contentBlockDelta"] * 4, "contentBlockStop", "messageStop", "metadata",
    ]  # fmt: skip
    assert "usage" not in orjson.loads(found[-1].payload)


@pytest.mark.parametrize("dialect", [bedrock_converse, bedrock_invoke])
def test_a_stream_may_end_in_an_exception(dialect: Any) -> None:
    last = frames(dialect.events(Asked(stream=True, model=MODEL), Scenario(finish="error")))[-1]

    assert (last.kind, last.name) == ("exception", "modelStreamErrorException")


def test_claude_answers_in_anthropics_own_shapes() -> None:
    asked = Asked(stream=True, model=MODEL)
    adapter: TypeAdapter[RawMessageStreamEvent] = TypeAdapter(RawMessageStreamEvent)
    scenario = Scenario(usage=replace(FULL, tier=None, speed=None))

    message = Message.model_validate_json(bedrock_invoke.whole(asked, scenario))
    events = inner(bedrock_invoke.events(asked, scenario))

    assert message.model == "claude-sonnet-4-5-20250929"
    for event in events:
        if event["type"] != "ping":
            adapter.validate_python(event)
    counts = events[-1]["amazon-bedrock-invocationMetrics"]
    assert (counts["inputTokenCount"], counts["outputTokenCount"]) == (100, 70)
    assert (counts["cacheReadInputTokenCount"], counts["cacheWriteInputTokenCount"]) == (600, 300)


def test_a_model_that_embeds_answers_as_titan_does() -> None:
    asked = Asked(model="amazon.titan-embed-text-v2:0")

    assert orjson.loads(bedrock_invoke.whole(asked, Scenario(usage=FULL)))["inputTextTokenCount"] == 1000
    assert list(orjson.loads(bedrock_invoke.whole(asked, Scenario(usage=None)))) == ["embedding"]


def test_an_answer_may_report_nothing() -> None:
    (*_, last) = inner(bedrock_invoke.events(Asked(stream=True, model=MODEL), Scenario(usage=None)))

    assert list(last["amazon-bedrock-invocationMetrics"]) == ["invocationLatency", "firstByteLatency"]
