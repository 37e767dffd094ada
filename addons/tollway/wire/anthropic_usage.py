"""Anthropic's usage object in our vocabulary, and what each model of one answer used of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import USAGE_FIELDS, Portion, Usage
from tollway.wire.counts import count, part, text

_OUTSIDE = frozenset({"compaction", "advisor_message"})
"""Iterations that the usage as a whole leaves out: the SDK says it of the first, recorded answers show it of
the second."""


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """What a usage object reports, iterations apart; None if that is nothing.

    Its `input_tokens` leaves out what was read from or written to a cache: here it is all input.
    """
    read, written = count(usage.get("cache_read_input_tokens")), _written(usage)
    fresh = count(usage.get("input_tokens"))
    found = Usage(
        input_tokens=None if fresh is None else fresh + (read or 0) + (written or 0),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=_written_for_an_hour(usage, written),
        output_tokens=count(usage.get("output_tokens")),
        reasoning_tokens=count(part(usage, "output_tokens_details").get("thinking_tokens")),
        web_searches=count(part(usage, "server_tool_use").get("web_search_requests")),
    )
    return found if found != _NOTHING else None


def billed(usage: Mapping[str, Any], model: str | None) -> tuple[Usage | None, tuple[Portion, ...]]:
    """All that an answer is billed for, and, where more than its own model took part, each model's share.

    `iterations` lists each sampling, some at models of their own and some that the usage as a whole leaves
    out. Where the others come to less than that whole, the difference is the answer's own model's.
    """
    whole, entries = usage_of(usage), _entries(usage)
    if not entries:
        return whole, ()
    shares: dict[str | None, Usage] = {model: Usage()}
    for entry, used in entries:
        name = text(entry, "model") or model
        shares[name] = _sum((shares.get(name, _NOTHING), used))
    within = _sum(used for entry, used in entries if text(entry, "type") not in _OUTSIDE)
    shares[model] = _sum((shares[model], _lacking(whole or _NOTHING, within)))
    portions = tuple(Portion(model=name, usage=used) for name, used in shares.items() if used != _NOTHING)
    return _sum(shares.values()), portions if len(portions) > 1 or portions[0].model != model else ()


_NOTHING = Usage()


def _entries(usage: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Usage]]:
    iterations = usage.get("iterations")
    entries = iterations if isinstance(iterations, list) else ()
    return [(entry, used) for entry in entries if isinstance(entry, dict) and (used := usage_of(entry))]


def _written(usage: Mapping[str, Any]) -> int | None:
    """All that was written to a cache."""
    written = count(usage.get("cache_creation_input_tokens"))
    split = part(usage, "cache_creation")
    parts = [count(split.get(f"ephemeral_{life}_input_tokens")) for life in ("5m", "1h")]
    return _total(parts) if written is None else written


def _written_for_an_hour(usage: Mapping[str, Any], written: int | None) -> int | None:
    """That part of it that lives for an hour.

    A stream splits what was written up to its start; where that was for an hour alone, so is what follows.
    """
    split = part(usage, "cache_creation")
    hour, minutes = (count(split.get(f"ephemeral_{life}_input_tokens")) for life in ("1h", "5m"))
    if hour is None or written is None:
        return hour
    return written if hour and not minutes else min(hour, written)


def _lacking(whole: Usage, within: Usage) -> Usage:
    """What the whole has that its parts do not come to, and what only the whole says (thinking, searches)."""
    gap = {
        name: max(0, n - (getattr(within, name) or 0))
        for name in USAGE_FIELDS
        if (n := getattr(whole, name)) is not None
    }
    if "input_tokens" in gap:
        cached = gap.get("cache_read_tokens", 0) + gap.get("cache_write_tokens", 0)
        gap["input_tokens"] = max(0, _uncached(whole) - _uncached(within)) + cached
    return Usage(**gap)


def _uncached(usage: Usage) -> int:
    cached = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    return (usage.input_tokens or 0) - cached


def _sum(usages: Iterable[Usage]) -> Usage:
    """Field by field; what none of them reports stays unknown."""
    rows = list(usages)
    return Usage(**{name: _total(getattr(row, name) for row in rows) for name in USAGE_FIELDS})


def _total(numbers: Iterable[int | None]) -> int | None:
    known = [n for n in numbers if n is not None]
    return sum(known) if known else None
