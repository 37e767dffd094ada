"""Two stretches of time that are compared: one, and the like of it before."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tollway.reporting.periods import beginning, end, local, moment

UNITS = ("month", "week", "day", "span")
"""What can be compared: a period of the calendar with the one before, or any span with what was before it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one moment to before another, in microseconds, UTC."""

    since_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A stretch, and what it is compared with."""

    unit: str
    """One of UNITS."""
    now: Stretch
    before: Stretch
    whole: bool
    """It is all of its period, and so is the one before; else they are like parts of theirs."""


def pair(unit: str, since_us: int | None, until_us: int | None, now_us: int, zone: ZoneInfo) -> Pair:
    """What to compare. Without bounds it is the period that is running; what is to come is left out.

    A part of a period is compared with the same part of the one before: as many days, to the same time of
    day, by the zone's calendar; what the one before has not, such as a 31st, is left out. A span is compared
    with as much before it. Raises ValueError where the bounds are none of such a stretch.
    """
    if unit == "span":
        return _spans(since_us, until_us, now_us, zone)
    if since_us is None:
        since_us = beginning(unit, now_us if until_us is None else until_us - 1, zone)
    first_us, end_us = beginning(unit, since_us, zone), end(unit, since_us, zone)
    if until_us is not None and until_us > end_us:
        raise ValueError(f"these bounds lie in several {unit}s: compare with span, for as much time before")
    until_us = min(end_us if until_us is None else until_us, now_us)
    if until_us <= since_us:
        raise ValueError(f"this {unit} has not begun yet")
    previous_us = beginning(unit, first_us - 1, zone)

    def shifted(us: int) -> int:
        if us == end_us:
            return first_us
        there = _wall(previous_us, zone) + (_wall(us, zone) - _wall(first_us, zone))
        return min(moment(there.replace(tzinfo=zone)), first_us)

    return Pair(
        unit=unit,
        now=Stretch(since_us, until_us),
        before=Stretch(shifted(since_us), shifted(until_us)),
        whole=(since_us, until_us) == (first_us, end_us),
    )


def _spans(since_us: int | None, until_us: int | None, now_us: int, zone: ZoneInfo) -> Pair:
    if since_us is None:
        raise ValueError("say since when, as in 7d: as much time before that is what it is compared with")
    until_us = now_us if until_us is None else min(until_us, now_us)
    if until_us <= since_us:
        raise ValueError("nothing lies between these bounds")
    since, until = _wall(since_us, zone), _wall(until_us, zone)
    before_us = min(moment((since - (until - since)).replace(tzinfo=zone)), since_us)
    return Pair(
        unit="span",
        now=Stretch(since_us, until_us),
        before=Stretch(max(before_us, 0), since_us),
        whole=True,
    )


def title(pair: Pair, zone: ZoneInfo) -> str:
    """What is compared with what, in words."""
    both = (pair.now, pair.before)
    now, before = (f"{_day(each.since_us, zone)} to {_day(each.until_us, zone)}" for each in both)
    said = f"{now}, against {before}"
    return said if pair.whole else f"{said} (as much of the {pair.unit} before)"


def _wall(us: int, zone: ZoneInfo) -> datetime:
    """What clocks on the zone's walls show."""
    return local(us, zone).replace(tzinfo=None)


def _day(us: int, zone: ZoneInfo) -> str:
    return f"{local(us, zone):%Y-%m-%d %H:%M}"
