"""What a provider says of a plan in the head of an answer.

Anthropic: `anthropic-ratelimit-unified-5h-utilization: 0.42`, `-5h-reset: 1790134200`, so for each window.
ChatGPT: `x-codex-primary-used-percent`, `-window-minutes`, `-reset-at`; a second meter has its name between,
as in `x-codex-bengalfox-primary-used-percent`. Copilot: `x-quota-snapshot-chat:
ent=200&rem=99.9&rst=2026-06-30T21:00:00Z`, and `x-usage-ratelimit-session` likewise.
"""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from tollway.sockets.events import Gauge, Gauges

PREFIXES = (b"anthropic-ratelimit-unified-", b"x-codex-", b"x-quota-snapshot-", b"x-usage-ratelimit-")
"""How the names begin of headers that may tell it, in small letters."""
LONGEST = 64
MOST = 32
"""Gauges of one answer."""
_SECOND = 1_000_000  # microseconds
_UNIFIED = re.compile(r"anthropic-ratelimit-unified-([a-z0-9_]{1,32})-utilization")
_CODEX = re.compile(r"x-codex-(?:([a-z0-9_-]{1,48})-)?(primary|secondary)-used-percent")
_COPILOT = re.compile(r"x-(?:quota-snapshot|usage-ratelimit)-([a-z0-9_]{1,48})")
_WINDOW = re.compile(r"(\d{1,4})([hd])(?:_|$)")
_MINUTES = {"h": 60, "d": 24 * 60}


def gauges(headers: Mapping[str, str], at: int) -> Iterator[Gauges]:
    """What these say, by their lower-case names, for each meter. `at`: microseconds since the epoch."""
    for found in (_anthropic(headers, at), _copilot(headers, at)):
        if found:
            yield Gauges(at=at, gauges=found[:MOST])
    yield from _chatgpt(headers, at)


def _anthropic(headers: Mapping[str, str], at: int) -> tuple[Gauge, ...]:
    found = []
    for name in headers:
        if (told := _UNIFIED.fullmatch(name)) and (used := _number(headers[name])) is not None:
            window = told[1]
            found.append(
                Gauge(
                    name=window,
                    used_percent=round(100 * used, 2),
                    window_minutes=_minutes(window),
                    resets=_moment(headers.get(f"anthropic-ratelimit-unified-{window}-reset")),
                )
            )
    return tuple(found)


def _chatgpt(headers: Mapping[str, str], at: int) -> Iterator[Gauges]:
    """The meter without a name has the plan's credits, too."""
    meters: dict[str, list[Gauge]] = {}
    for name in headers:
        if told := _CODEX.fullmatch(name):
            gauge = _codex(headers, name.removesuffix("-used-percent"), told[2], at)
            if gauge is not None:
                meters.setdefault(told[1] or "", []).append(gauge)
    credits = _credits(headers)
    if credits is not None:
        meters.setdefault("", [])
    for meter, found in meters.items():
        yield Gauges(
            at=at,
            gauges=tuple(found[:MOST]),
            plan=_word(headers.get("x-codex-plan-type")),
            meter=meter or None,
            credits=None if meter else credits,
        )


def _codex(headers: Mapping[str, str], stem: str, name: str, at: int) -> Gauge | None:
    """A window of no length with nothing used is none."""
    used = _number(headers[f"{stem}-used-percent"])
    minutes = _number(headers.get(f"{stem}-window-minutes"))
    if used is None or (not used and minutes == 0):
        return None
    resets = _moment(headers.get(f"{stem}-reset-at"))
    after = _number(headers.get(f"{stem}-reset-after-seconds"))
    if resets is None and after is not None:
        resets = at + math.ceil(after * _SECOND)
    return Gauge(
        name=name,
        used_percent=used,
        window_minutes=int(minutes) if minutes else None,
        resets=resets,
    )


def _credits(headers: Mapping[str, str]) -> str | None:
    if headers.get("x-codex-credits-unlimited", "").lower() in ("true", "1"):
        return "unlimited"
    return _word(headers.get("x-codex-credits-balance"))


def _copilot(headers: Mapping[str, str], at: int) -> tuple[Gauge, ...]:
    """`ent`: what there is, -1 for no end; `rem`: percent left; `rst`: when it begins anew."""
    found = []
    for name in headers:
        if told := _COPILOT.fullmatch(name):
            said = dict(parse_qsl(headers[name][:1_000]))
            whole, left = _number(said.get("ent")), _number(said.get("rem"))
            if left is not None and (whole is None or whole >= 0):
                found.append(
                    Gauge(
                        name=told[1],
                        used_percent=round(100 - left, 2),
                        limit=None if whole is None else int(whole),
                        remaining=None if whole is None else math.floor(max(whole * left, 0) / 100),
                        resets=_date(said.get("rst")),
                    )
                )
    return tuple(found)


def _minutes(window: str) -> int | None:
    """Of `5h`, `7d`, `7d_sonnet`."""
    told = _WINDOW.match(window)
    return int(told[1]) * _MINUTES[told[2]] if told else None


def _moment(text: str | None) -> int | None:
    """Of seconds since the epoch, or a date."""
    seconds = _number(text)
    return math.ceil(seconds * _SECOND) if seconds is not None and seconds > 0 else _date(text)


def _date(text: str | None) -> int | None:
    try:
        date = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    return int(seconds) * _SECOND if seconds > 0 else None


def _number(text: str | None) -> float | None:
    """Any number that a gauge may have; no `nan`, and nothing endless."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if -1e12 < number < 1e12 else None


def _word(text: str | None) -> str | None:
    return text if text and len(text) <= LONGEST and text.isascii() and text.isprintable() else None
