"""Anthropic's usage objects, where `input_tokens` is only what no cache had to do with."""

from typing import Any

import orjson

from tests.simulator.usage import Iteration, Usage, literal, tidy

PLACEHOLDER = 1
"""`output_tokens` of `message_start`: a placeholder, as Anthropic sends one."""


def message_usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of a whole message."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    return tidy({
        **_inputs(usage),
        "cache_creation": _creation(usage),
        "output_tokens": usage.output_tokens,
        **_extras(usage),
        "service_tier": usage.tier or "standard",
        "inference_geo": usage.geo,
        "speed": usage.speed,
    })  # fmt: skip


def start_usage(usage: Usage | None, *, zeros: bool) -> dict[str, Any] | None:
    """`usage` of `message_start`: input and cache, or zeros where the end alone tells."""
    if usage is None or usage.raw is not None:
        return None
    inputs = {"input_tokens": 0} if zeros else {**_inputs(usage), "cache_creation": _creation(usage)}
    return tidy({
        **inputs,
        "output_tokens": PLACEHOLDER,
        "service_tier": usage.tier or "standard",
        "inference_geo": usage.geo,
        "speed": usage.speed,
    })  # fmt: skip


def delta_usage(usage: Usage | None, *, sparse: bool) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of `message_delta`: cumulative, or the output alone."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    inputs = {} if sparse else _inputs(usage)
    return tidy({**inputs, "output_tokens": usage.output_tokens, **_extras(usage)})


def _inputs(usage: Usage) -> dict[str, Any]:
    cached = usage.count("cache_read_tokens") + usage.count("cache_write_tokens")
    return {
        "input_tokens": None if usage.input_tokens is None else usage.input_tokens - cached,
        "cache_creation_input_tokens": usage.cache_write_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
    }


def _creation(usage: Usage) -> dict[str, int] | None:
    if usage.cache_write_1h_tokens is None:
        return None
    short = usage.count("cache_write_tokens") - usage.cache_write_1h_tokens
    return {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": usage.cache_write_1h_tokens}


def _extras(usage: Usage) -> dict[str, Any]:
    tools = tidy({"web_search_requests": usage.web_searches, "web_fetch_requests": usage.web_fetches})
    thinking = None if usage.reasoning_tokens is None else {"thinking_tokens": usage.reasoning_tokens}
    return {
        "output_tokens_details": thinking,
        "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0, **tools} if tools else None,
        "iterations": [_iteration(entry) for entry in usage.iterations] or None,
    }


def _iteration(entry: Iteration) -> dict[str, Any]:
    return tidy({
        "type": entry.type,
        "model": entry.model,
        "input_tokens": entry.input_tokens - entry.cache_read_tokens - entry.cache_write_tokens,
        "cache_read_input_tokens": entry.cache_read_tokens,
        "cache_creation_input_tokens": entry.cache_write_tokens,
        "cache_creation": {
            "ephemeral_5m_input_tokens": entry.cache_write_tokens - entry.cache_write_1h_tokens,
            "ephemeral_1h_input_tokens": entry.cache_write_1h_tokens,
        },
        "output_tokens": entry.output_tokens,
    })  # fmt: skip
