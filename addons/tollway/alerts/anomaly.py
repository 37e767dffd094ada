"""Who spends unusually much in an hour: against their own hours of the same kind, and against everybody's.

What is usual is the median of such hours in which anything was spent, and the median of how far they are from
it (MAD): a few dear hours move neither. An hour is unusual where it cost at least 5 USD, and

- more than three times the median, and than the median and six deviations (1.4826 MAD, which is the standard
  deviation where hours are normally distributed);
- by their own hours, if there are five of them, and by everybody's. Of who is new, everybody's decide alone.

Who always spends much is not told, nor who once spends what others do. As long as there are fewer than 24
such hours, of five days, nothing is.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.news import News, known_as
from tollway.alerts.plain import plain
from tollway.alerts.rounded import cents
from tollway.budget.remaining import iso
from tollway.money import NANO, usd

FLOOR_NANO = 5 * NANO
"""What an hour costs at the least that is told: 5 USD."""
TIMES, DEVIATIONS = 3, 6
OWN_HOURS, HOURS_OF_ALL, DAYS_OF_ALL = 5, 24, 5
"""Fewer hours, or hours of fewer days, say nothing of what is usual."""
DAY_US = 86_400_000_000


class Who(NamedTuple):
    """A caller: by user, else by service, else by address."""

    kind: str
    """user, service or client."""
    name: str


class Before(Struct, frozen=True, kw_only=True):
    """Such hours of earlier days."""

    hours: Mapping[Who, Sequence[int]] = {}
    """What each cost in which a caller spent anything, in nano-dollars."""
    days: int = 0
    """The days that they are of."""


class Unusual(Struct, frozen=True, kw_only=True):
    """A caller's hour. Amounts are nano-dollars."""

    who: Who
    hour_us: int
    """When it began."""
    nano: int
    """What it has cost so far."""
    own_nano: int | None
    """What such an hour of theirs usually costs; None: too few are known."""
    everybodys_nano: int
    """What such an hour of anybody's usually costs."""


def who(user: str | None, service: str | None, client: str | None) -> Who | None:
    """Whose a call is; None: nobody's in particular."""
    if user:
        return Who("user", user)
    if service:
        return Who("service", service)
    return Who("client", client) if client else None


def median(values: Sequence[int]) -> int:
    """The one in the middle, or half-way between both; of none of them 0."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2 if ordered else 0


def most(values: Sequence[int]) -> int:
    """The most that is not unusual beside these."""
    middle = median(values)
    deviation = median([abs(each - middle) for each in values])
    return max(TIMES * middle, middle + DEVIATIONS * deviation * 14_826 // 10_000)


def dear(now: Mapping[Who, int]) -> dict[Who, int]:
    """Those whose hour costs as much as is told at all: only for these is it asked what is usual."""
    return {each: nano for each, nano in now.items() if nano >= FLOOR_NANO}


def unusual(now: Mapping[Who, int], before: Before, hour_us: int) -> tuple[Unusual, ...]:
    """Whose hour is unusual, the dearest first.

    `now`: what it has cost each so far; `before`: what there is to compare it with.
    """
    everybodys = [nano for hours in before.hours.values() for nano in hours]
    if len(everybodys) < HOURS_OF_ALL or before.days < DAYS_OF_ALL:
        return ()
    most_of_all, usual_of_all = most(everybodys), median(everybodys)
    found = []
    for each, nano in dear(now).items():
        own = before.hours.get(each, ())
        is_known = len(own) >= OWN_HOURS
        if nano > most_of_all and (not is_known or nano > most(own)):
            usual = median(own) if is_known else None
            found.append(
                Unusual(who=each, hour_us=hour_us, nano=nano, own_nano=usual, everybodys_nano=usual_of_all)
            )
    return tuple(sorted(found, key=lambda one: (-one.nano, one.who)))


def told(found: Unusual, at_us: int) -> News:
    """What is told of it: of each caller once a day."""
    name = plain(found.who.name)
    own = "they are new" if found.own_nano is None else f"they usually spend {cents(found.own_nano)}"
    text = (
        f"{found.who.kind} {name} has spent {cents(found.nano)} in the hour from {iso(found.hour_us)}: "
        f"at such times {own}, and everybody's hours cost {cents(found.everybodys_nano)}"
    )
    fields = {
        **dict.fromkeys(("user", "service", "client")),
        found.who.kind: found.who.name,
        "hour": iso(found.hour_us),
        "cost_usd": usd(found.nano),
        "usual_usd": None if found.own_nano is None else usd(found.own_nano),
        "everybodys_usd": usd(found.everybodys_nano),
    }
    return News(
        name=known_as(Kind.ANOMALY, *found.who),
        alert=Alert(kind=Kind.ANOMALY, text=text, at_us=at_us, fields=fields),
        again_after_us=DAY_US,
    )


def before(days: Iterable[Mapping[tuple[Who, int], int]]) -> Before:
    """What there is to compare with: of each day what hours cost each, by caller and hour."""
    found: dict[Who, list[int]] = {}
    count = 0
    for hours in days:
        spent = [(each, nano) for (each, _), nano in hours.items() if nano > 0]
        count += bool(spent)
        for each, nano in spent:
            found.setdefault(each, []).append(nano)
    return Before(hours=found, days=count)
