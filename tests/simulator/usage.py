"""The numbers that a simulated answer reports, in the vocabulary of the ledger."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """One entry of Anthropic's `usage.iterations`."""

    type: str = "message"
    """message | compaction | advisor_message | fallback_message."""
    model: str | None = None
    input_tokens: int = 0
    """All input, cached and cache-written included."""
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is reported. None: the field is absent from the answer; 0: it is there, as a zero.

    A dialect leaves out what its provider has no field for.
    """

    input_tokens: int | None = 20
    """All input, cached and cache-written included; a dialect subtracts where its provider does."""
    cache_read_tokens: int | None = 0
    cache_write_tokens: int | None = 0
    cache_write_1h_tokens: int | None = 0
    """A part of the writes (Anthropic)."""
    cache_write_12h_tokens: int | None = None
    """A part of the writes (OpenAI)."""
    output_tokens: int | None = 12
    """All output, reasoning included."""
    reasoning_tokens: int | None = 0
    input_audio_tokens: int | None = None
    input_image_tokens: int | None = None
    output_audio_tokens: int | None = None
    tool_input_tokens: int | None = None
    """Gemini's `toolUsePromptTokenCount`, a part of the input."""
    rejected_prediction_tokens: int | None = None
    web_searches: int | None = None
    web_fetches: int | None = None
    tier: str | None = None
    speed: str | None = None
    geo: str | None = None
    iterations: tuple[Iteration, ...] = ()
    raw: str | None = None
    """JSON text that stands where the usage object would: a wrong type, a foreign field."""

    def count(self, name: str) -> int:
        """A field as a number; 0 where it is absent."""
        value = getattr(self, name)
        return 0 if value is None else int(value)


USUAL = Usage()
"""A small text call, nothing cached."""


def tidy(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the keys whose value is None: what a provider does not say."""
    return {key: value for key, value in fields.items() if value is not None}


def literal(usage: Usage | None) -> orjson.Fragment | None:
    """The usage's own JSON text where the scenario gives one."""
    return orjson.Fragment(usage.raw) if usage is not None and usage.raw is not None else None
