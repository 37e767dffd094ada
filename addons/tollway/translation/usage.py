"""What a call used, as Anthropic says it: its `input_tokens` leave out what a cache has to do with."""

from typing import Any

from tollway.model import Usage


def said(usage: Usage | None) -> dict[str, Any]:
    """The usage object; zeros where the target did not say, since the format wants a number."""
    if usage is None:
        return {"input_tokens": 0, "output_tokens": 0}
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    found: dict[str, Any] = {"input_tokens": max(0, (usage.input_tokens or 0) - cached)}
    if usage.cache_write_tokens is not None:
        found["cache_creation_input_tokens"] = usage.cache_write_tokens
    if usage.cache_read_tokens is not None:
        found["cache_read_input_tokens"] = usage.cache_read_tokens
    found["output_tokens"] = usage.output_tokens or 0
    if usage.reasoning_tokens is not None:
        found["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    return found
