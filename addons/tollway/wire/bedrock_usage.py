"""Bedrock's own counts in our vocabulary, and how they go together with what a model's own answer says.

They count input without what was read from or written to a cache: AWS says so of Converse
(https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html); that it holds for the counts of a
stream's last chunk is what LiteLLM saw in production (its pull request 36878).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import USAGE_FIELDS, Usage
from tollway.wire.counts import count, first, text

_NOTHING = Usage()


def usage_of(counts: Mapping[str, Any]) -> Usage | None:
    """What Converse's `usage`, or a stream's `amazon-bedrock-invocationMetrics`, reports; None if nothing."""
    read = first(counts, "cacheReadInputTokens", "cacheReadInputTokenCount")
    written = first(counts, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
    fresh = first(counts, "inputTokens", "inputTokenCount")
    found = Usage(
        input_tokens=None if fresh is None else fresh + (read or 0) + (written or 0),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=_written_for_an_hour(counts.get("cacheDetails"), written),
        output_tokens=first(counts, "outputTokens", "outputTokenCount"),
    )
    return found if found != _NOTHING else None


def filled(told: Usage | None, counted: Usage | None) -> Usage | None:
    """What an answer's body tells, with what only Bedrock counted beside it.

    A body may leave out what went through a cache, or set it to zero at the start of a stream: the larger
    number holds. Of the rest the body's word does.
    """
    if told is None or counted is None:
        return counted if told is None else told
    fields: dict[str, int | None] = {}
    for name in USAGE_FIELDS:
        own, other = getattr(told, name), getattr(counted, name)
        fields[name] = other if own is None else own
        if name in ("cache_read_tokens", "cache_write_tokens") and None not in (own, other):
            fields[name] = max(own, other)
    fresh = _fresh(counted if told.input_tokens is None else told)
    cached = (fields["cache_read_tokens"], fields["cache_write_tokens"])
    fields["input_tokens"] = None if fresh is None else fresh + sum(n or 0 for n in cached)
    return Usage(**fields)


def _fresh(usage: Usage) -> int | None:
    """Input that went through no cache."""
    if usage.input_tokens is None:
        return None
    return max(0, usage.input_tokens - (usage.cache_read_tokens or 0) - (usage.cache_write_tokens or 0))


def _written_for_an_hour(details: object, written: int | None) -> int | None:
    """That part of the writes which lives for an hour; the details are absent where nothing was written."""
    if not isinstance(details, list):
        return None
    hour = _total(
        count(detail.get("inputTokens"))
        for detail in details
        if isinstance(detail, dict) and text(detail, "ttl") == "1h"
    )
    return hour if hour is None or written is None else min(hour, written)


def _total(numbers: Iterable[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if known else None
