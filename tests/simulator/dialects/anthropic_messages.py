"""Anthropic Messages, and `count_tokens`."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tests.simulator.dialects.anthropic_usage import delta_usage, message_usage, start_usage
from tests.simulator.dialects.dialect import NUMBER, Asked, model_of, served, sse, texts, thoughts
from tests.simulator.dialects.example import example_for
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

STOP = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal"}
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error",
}  # fmt: skip
SIGNATURE = "c2ltdWxhdGVkIHNpZ25hdHVyZQ=="


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream, and whether tokens are only counted."""
    shape = "count_tokens" if path.endswith("/count_tokens") else ""
    json = example_for(body, "output_config", "format", "schema")
    stream = body.get("stream") is True
    return Asked(shape=shape, model=model_of(body, "claude-simulated"), stream=stream, json=json)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A message, or a count."""
    if asked.shape == "count_tokens":
        count = scenario.usage.count("input_tokens") if scenario.usage else 0
        return orjson.dumps({"input_tokens": count})
    content: list[dict[str, Any]] = [{"type": "text", "text": "".join(texts(asked, scenario))}]
    if scenario.thinking:
        thought = {"type": "thinking", "thinking": "".join(thoughts(scenario)), "signature": SIGNATURE}
        content.insert(0, thought)
    usage = tidy({"usage": message_usage(scenario.usage)})
    return orjson.dumps(_message(asked, scenario, content, STOP.get(scenario.finish, "end_turn")) | usage)


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """`message_start` to `message_stop`."""
    return [sse({"type": kind, **fields}, kind) for kind, fields in _events(asked, scenario)]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """`{"type": "error", ...}`, its type following the status."""
    return orjson.dumps({"type": "error", "error": _error(scenario), "request_id": "req_" + NUMBER})


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What Anthropic says beside the body."""
    return (
        ("anthropic-organization-id", "simulated"),
        ("anthropic-ratelimit-requests-limit", "4000"),
        ("anthropic-ratelimit-requests-remaining", "3999"),
        ("request-id", "req_" + NUMBER),
    )


def _events(asked: Asked, scenario: Scenario) -> Iterator[tuple[str, dict[str, Any]]]:
    start = start_usage(scenario.usage, zeros=scenario.usage_at == "last")
    yield "message_start", {"message": _message(asked, scenario, [], None) | tidy({"usage": start})}
    index = 0
    if scenario.thinking:
        yield from _thinking(scenario)
        index = 1
    said = texts(asked, scenario)
    yield "content_block_start", {"index": index, "content_block": {"type": "text", "text": ""}}
    yield "ping", {}
    broken = scenario.finish in ("failed", "error")
    for text in said[: len(said) // 2] if broken else said:
        yield "content_block_delta", {"index": index, "delta": {"type": "text_delta", "text": text}}
    if broken:
        yield "error", {"error": _error(scenario)}
        return
    yield "content_block_stop", {"index": index}
    usage = delta_usage(scenario.usage, sparse=scenario.usage_at == "sparse")
    delta = {"stop_reason": STOP[scenario.finish], "stop_sequence": None}
    yield "message_delta", {"delta": delta, **tidy({"usage": usage})}
    yield "message_stop", {}


def _thinking(scenario: Scenario) -> Iterator[tuple[str, dict[str, Any]]]:
    block = {"type": "thinking", "thinking": "", "signature": ""}
    yield "content_block_start", {"index": 0, "content_block": block}
    for text in thoughts(scenario):
        yield "content_block_delta", {"index": 0, "delta": {"type": "thinking_delta", "thinking": text}}
    signature = {"type": "signature_delta", "signature": SIGNATURE}
    yield "content_block_delta", {"index": 0, "delta": signature}
    yield "content_block_stop", {"index": 0}


def _message(
    asked: Asked, scenario: Scenario, content: list[dict[str, Any]], stop: str | None
) -> dict[str, Any]:
    return {
        "id": "msg_" + NUMBER, "type": "message", "role": "assistant", "model": served(asked, scenario),
        "content": content, "stop_reason": stop, "stop_sequence": None,
    }  # fmt: skip


def _error(scenario: Scenario) -> dict[str, str]:
    status = scenario.status if scenario.status >= 400 else 529
    return {"type": TYPES.get(status, "api_error"), "message": scenario.message}
