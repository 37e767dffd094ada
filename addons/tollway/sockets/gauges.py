"""What a provider says of its own limits, message by message."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tollway.sockets.events import Gauge, Gauges
from tollway.wire.counts import count, part, text

KINDS = frozenset({"codex.rate_limits", "rate_limits.updated"})
_SECOND = 1_000_000  # microseconds


def gauges(message: Mapping[str, Any], at: int) -> Gauges | None:
    """What the message says; None for nothing."""
    if message.get("type") == "codex.rate_limits":
        return _of_plan(message, at)
    found = tuple(_of_calls(message.get("rate_limits"), at))
    return Gauges(at=at, gauges=found) if found else None


def _of_plan(message: Mapping[str, Any], at: int) -> Gauges | None:
    """Codex's: a plan's windows, and credits."""
    limits, credits = part(message, "rate_limits"), part(message, "credits")
    windows = [(name, part(limits, name)) for name in ("primary", "secondary")]
    found = Gauges(
        at=at,
        gauges=tuple(
            Gauge(
                name=name,
                used_percent=used,
                window_minutes=count(window.get("window_minutes")),
                resets=_times(window.get("reset_at"), _SECOND),
            )
            for name, window in windows
            if (used := _number(window.get("used_percent"))) is not None
        ),
        plan=text(message, "plan_type", 64),
        meter=text(message, "metered_limit_name", 64) or text(message, "limit_name", 64),
        credits="unlimited" if credits.get("unlimited") is True else text(credits, "balance", 64),
    )
    return found if found.gauges or found.credits else None


def _of_calls(limits: object, at: int) -> Iterator[Gauge]:
    """Realtime's: requests and tokens."""
    for limit in limits if isinstance(limits, list) else ():
        if isinstance(limit, dict) and (name := text(limit, "name", 64)):
            wait = _times(limit.get("reset_seconds"), _SECOND)
            yield Gauge(
                name=name,
                limit=count(limit.get("limit")),
                remaining=count(limit.get("remaining")),
                resets=None if wait is None else at + wait,
            )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        return None
    return float(value)


def _times(value: object, unit: int) -> int | None:
    number = _number(value)
    return None if number is None else math.ceil(number * unit)
