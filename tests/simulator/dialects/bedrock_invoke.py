"""Bedrock's InvokeModel and InvokeModelWithResponseStream, with models that speak as Claude or as Titan do.

The headers that count are a scenario's own: its usage is not known where headers are made.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import orjson

from tests.simulator.dialects import anthropic_messages
from tests.simulator.dialects.bedrock_converse import PADDING, ask, error, headers
from tests.simulator.dialects.dialect import Asked
from tests.simulator.event_stream import event, exception
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, tidy

__all__ = ["ask", "error", "events", "headers", "whole"]

VECTOR = tuple(i / 16 - 0.25 for i in range(8))


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """Claude's message, or Titan's embedding where the model's name has one."""
    if "embed" not in asked.model:
        return anthropic_messages.whole(Asked(model=_own_name(asked)), scenario)
    count = scenario.usage.input_tokens if scenario.usage else None
    return orjson.dumps({"embedding": VECTOR, **tidy({"inputTextTokenCount": count})})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Claude's events in chunks, Bedrock's own counts with the last; or an exception half-way."""
    return list(_events(Asked(model=_own_name(asked)), scenario))


def _events(asked: Asked, scenario: Scenario) -> Iterator[bytes]:
    for sent in anthropic_messages.events(asked, scenario):
        data = orjson.loads(sent.partition(b"data: ")[2])
        if data["type"] == "error":
            yield exception("modelStreamErrorException", scenario.message)
            return
        counts = {"amazon-bedrock-invocationMetrics": _metrics(scenario.usage)}
        inner = orjson.dumps(data | counts if data["type"] == "message_stop" else data)
        yield event("chunk", {"bytes": b64encode(inner).decode(), "p": PADDING[: len(inner) % 26]})


def _own_name(asked: Asked) -> str:
    """Anthropic's name of the model, which has no region, and no version of Bedrock's."""
    return asked.model.rpartition("anthropic.")[2].partition("-v1")[0]


def _metrics(usage: Usage | None) -> dict[str, Any]:
    latencies = {"invocationLatency": 422, "firstByteLatency": 167}
    if usage is None:
        return latencies
    fresh = usage.count("input_tokens") - usage.count("cache_read_tokens") - usage.count("cache_write_tokens")
    counts = {
        "inputTokenCount": None if usage.input_tokens is None else fresh,
        "outputTokenCount": usage.output_tokens,
        "cacheReadInputTokenCount": usage.cache_read_tokens,
        "cacheWriteInputTokenCount": usage.cache_write_tokens,
    }
    return tidy(counts) | latencies
