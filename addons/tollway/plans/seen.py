"""Whose plan it is that a provider told of, and what still holds of it."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tollway.sockets.events import Gauge, Gauges

WEEK_US = 7 * 86_400_000_000
"""How long a gauge is shown that does not say when it begins anew."""

MOST = 200
"""Providers' gauges that are told apart: they have whatever names their providers give them."""
LATEST_US = 7_258_118_400_000_000
"""In 2200."""


class Whose(NamedTuple):
    """One plan. Members of one account may have gauges of their own."""

    provider: str
    account: str
    """As its client names it, else the fingerprint of its credential; "": neither is known."""
    user: str
    """Who calls, as far as Tollway knows; ""."""
    meter: str
    """Which of a plan's meters, where it has several; ""."""


class Seen(Struct, frozen=True, kw_only=True):
    """What a provider said last of one plan."""

    whose: Whose
    gauges: Gauges


def of_call(provider: str, account: str | None, user: str | None, gauges: Gauges) -> Seen:
    """What an answer to this caller said."""
    told = replace(gauges, gauges=tuple([_dated(gauge) for gauge in gauges.gauges]))
    return Seen(whose=Whose(provider, account or "", user or "", gauges.meter or ""), gauges=told)


def as_of(seen: Iterable[Seen], now_us: int) -> tuple[Seen, ...]:
    """What holds now: a gauge that began anew since says nothing any more."""
    found = []
    for one in seen:
        still = tuple(gauge for gauge in one.gauges.gauges if _holds(gauge, one.gauges.at, now_us))
        if still or (one.gauges.credits and now_us - one.gauges.at < WEEK_US):
            found.append(replace(one, gauges=replace(one.gauges, gauges=still)))
    return tuple(found)


def fullest(seen: Iterable[Seen], most: int = MOST) -> dict[tuple[str, str], int]:
    """By provider and gauge, how many percent the account has used that has used most; so many at most."""
    found: dict[tuple[str, str], int] = {}
    for one in seen:
        for gauge in one.gauges.gauges:
            if gauge.used_percent is not None:
                name = (one.whose.provider, gauge.name)
                if name in found or len(found) < most:
                    found[name] = max(found.get(name, 0), int(gauge.used_percent))
    return found


def _dated(gauge: Gauge) -> Gauge:
    """Without a date that no calendar has."""
    if gauge.resets is None or 0 < gauge.resets < LATEST_US:
        return gauge
    return replace(gauge, resets=None)


def _holds(gauge: Gauge, at_us: int, now_us: int) -> bool:
    return now_us < (gauge.resets if gauge.resets is not None else at_us + WEEK_US)
