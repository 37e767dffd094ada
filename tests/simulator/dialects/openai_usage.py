"""OpenAI's usage objects: Chat's with `prompt_`, the Responses API's with `input_`."""

from typing import Any

import orjson

from tests.simulator.usage import Usage, literal, tidy


def chat_usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of Chat, Completions and Embeddings."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    prompt = tidy({
        "cached_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "audio_tokens": usage.input_audio_tokens,
        "image_tokens": usage.input_image_tokens,
    })  # fmt: skip
    completion = tidy({
        "reasoning_tokens": usage.reasoning_tokens,
        "audio_tokens": usage.output_audio_tokens,
        "rejected_prediction_tokens": usage.rejected_prediction_tokens,
    })  # fmt: skip
    return tidy({
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": _total(usage),
        "prompt_tokens_details": prompt or None,
        "completion_tokens_details": completion or None,
    })  # fmt: skip


def embeddings_usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of Embeddings: there is no output."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    return tidy({"prompt_tokens": usage.input_tokens, "total_tokens": usage.input_tokens})


def responses_usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of a response."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    writes = None
    if usage.cache_write_12h_tokens is not None:
        short = usage.count("cache_write_tokens") - usage.cache_write_12h_tokens
        writes = {"ttl_12h_tokens": usage.cache_write_12h_tokens, "ttl_30m_tokens": short}
    inputs = tidy({
        "cached_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_tokens_details": writes,
    })  # fmt: skip
    return tidy({
        "input_tokens": usage.input_tokens,
        "input_tokens_details": inputs or None,
        "output_tokens": usage.output_tokens,
        "output_tokens_details": tidy({"reasoning_tokens": usage.reasoning_tokens}) or None,
        "total_tokens": _total(usage),
    })  # fmt: skip


def _total(usage: Usage) -> int | None:
    if usage.input_tokens is None and usage.output_tokens is None:
        return None
    return usage.count("input_tokens") + usage.count("output_tokens")
