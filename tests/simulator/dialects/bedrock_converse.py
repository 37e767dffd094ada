"""Bedrock's Converse and ConverseStream."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import orjson

from tests.simulator.dialects.dialect import NUMBER, Asked, texts, thoughts
from tests.simulator.event_stream import event, exception
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, literal, tidy

STREAM = "aws"
"""The shape of a stream of AWS's events."""
FINISH = {"stop": "end_turn", "length": "max_tokens", "refusal": "guardrail_intervened"}
PADDING = "abcdefghijklmnopqrstuvwxyz"


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model and operation are in the path."""
    model, _, operation = path.removeprefix("/model/").rpartition("/")
    stream = operation.endswith("-stream")
    return Asked(shape=STREAM if stream else operation, model=unquote(model), stream=stream)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A message with what was used, or a count of the input."""
    if asked.shape == "count-tokens":
        return orjson.dumps({"inputTokens": scenario.usage.count("input_tokens") if scenario.usage else 0})
    content: list[dict[str, Any]] = [{"text": "".join(texts(asked, scenario))}]
    if scenario.thinking:
        thought = {"text": "".join(thoughts(scenario)), "signature": "c2ln"}
        content.insert(0, {"reasoningContent": {"reasoningText": thought}})
    return orjson.dumps({
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": FINISH.get(scenario.finish, "end_turn"),
        **_metadata(scenario),
    })  # fmt: skip


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """`messageStart` to `metadata`, or to an exception half-way."""
    deltas: list[dict[str, Any]] = [{"reasoningContent": {"text": thought}} for thought in thoughts(scenario)]
    deltas += [{"text": text} for text in texts(asked, scenario)]
    if scenario.finish in ("failed", "error"):
        half = deltas[: len(deltas) // 2]
        return [*_opened(half), exception("modelStreamErrorException", scenario.message)]
    return [
        *_opened(deltas),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": FINISH[scenario.finish]}),
        event("metadata", {**_metadata(scenario), "p": PADDING}),
    ]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """`{"message": ...}`: what kind of error it is stands in a header."""
    return orjson.dumps({"message": scenario.message})


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What AWS says beside the body."""
    return (("x-amzn-requestid", NUMBER),)


def _opened(deltas: list[dict[str, Any]]) -> Iterator[bytes]:
    yield event("messageStart", {"role": "assistant", "p": PADDING})
    for i, delta in enumerate(deltas):
        data = {"contentBlockIndex": 0, "delta": delta, "p": PADDING[: i % 26]}
        yield event("contentBlockDelta", data)


def _metadata(scenario: Scenario) -> dict[str, Any]:
    usage = scenario.usage
    return tidy({
        "usage": _usage(usage),
        "metrics": {"latencyMs": 422},
        "serviceTier": {"type": usage.tier} if usage and usage.tier else None,
        "performanceConfig": {"latency": usage.speed} if usage and usage.speed else None,
        "trace": {"promptRouter": {"invokedModelId": scenario.model}} if scenario.model else None,
    })  # fmt: skip


def _usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """Input that went through no cache, and beside it what did, under both of Bedrock's names."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    read, written = usage.cache_read_tokens, usage.cache_write_tokens
    total = usage.count("input_tokens") + usage.count("output_tokens")
    fresh = usage.count("input_tokens") - usage.count("cache_read_tokens") - usage.count("cache_write_tokens")
    return tidy({
        "inputTokens": None if usage.input_tokens is None else fresh,
        "outputTokens": usage.output_tokens,
        "totalTokens": total,
        "cacheReadInputTokens": read,
        "cacheReadInputTokenCount": read,
        "cacheWriteInputTokens": written,
        "cacheWriteInputTokenCount": written,
        "cacheDetails": _details(usage),
        "serverToolUsage": {},
    })  # fmt: skip


def _details(usage: Usage) -> list[dict[str, Any]] | None:
    hour = usage.count("cache_write_1h_tokens")
    minutes = usage.count("cache_write_tokens") - hour
    found = [{"ttl": "1h", "inputTokens": hour}, {"ttl": "5m", "inputTokens": minutes}]
    return [detail for detail in found if detail["inputTokens"]] or None
