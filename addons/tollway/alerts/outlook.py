"""A look at all buckets: the samples that are kept until the next one, and which limits are foretold."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

import msgspec

from tollway.alerts.alert import Alert, Kind, named, spent
from tollway.alerts.course import Samples, sampled
from tollway.alerts.forecast import Forecast, Standing, forecast
from tollway.alerts.news import News, known_as
from tollway.alerts.rounded import about
from tollway.budget.remaining import iso, quantity

MOST = 300
"""Buckets of which samples are kept: those that are nearest to their amount."""
DAY_US = 86_400_000_000

Courses = Mapping[str, Samples]
"""By what a bucket is known by."""

_DECODER = msgspec.json.Decoder(dict[str, Samples])


def look(
    courses: Courses, standings: Iterable[Standing], now_us: int
) -> tuple[Courses, tuple[Forecast, ...]]:
    """What is kept until the next look, and the forecasts as of now.

    Only buckets count that have something left, and would come to half of their amount at the pace of the
    whole window so far.
    """
    near = sorted(filter(lambda one: _is_near(one, now_us), standings), key=_used, reverse=True)[:MOST]
    kept, found = {}, []
    for one in near:
        known = _known_as(one)
        before = courses.get(known, ())
        if (told := forecast(one, before, now_us)) is not None:
            found.append(told)
        kept[known] = sampled(before, one.since_us, now_us, one.settled)
    return kept, tuple(found)


def packed(courses: Courses) -> str:
    """The samples as a text that a ledger remembers."""
    return msgspec.json.encode(courses).decode()


def unpacked(text: str | None) -> Courses:
    """The samples of a text; none where there is no text, or it is nobody's."""
    try:
        return {} if text is None else _DECODER.decode(text)
    except msgspec.DecodeError:
        return {}


def told(found: Forecast, at_us: int) -> News:
    """What is told of a forecast: once in a window of a bucket."""
    one = found.standing
    unit = one.bucket.unit
    total = about(found.total, unit)
    text = (
        f"the limit {named(one.bucket)} will be exceeded: at this pace it comes to about "
        f"{quantity(total, unit)} of {quantity(one.amount, unit)} by {iso(one.until_us)}, and all is spent "
        f"at {iso(found.spent_us)}"
    )
    fields = spent(one.bucket, settled=one.settled, amount=one.amount, expected=total)
    more = {"spent_at": iso(found.spent_us), "until": iso(one.until_us)}
    return News(
        name=known_as(Kind.FORECAST, one.bucket.id),
        alert=Alert(kind=Kind.FORECAST, text=text, at_us=at_us, fields={**fields, **more}),
        again_after_us=one.until_us - one.since_us + DAY_US,
    )


def _is_near(one: Standing, now_us: int) -> bool:
    passed_us, length_us = now_us - one.since_us, one.until_us - one.since_us
    comes_to_half = 2 * one.settled * length_us >= one.amount * passed_us
    return passed_us > 0 and 0 < one.settled < one.amount and comes_to_half


def _used(one: Standing) -> float:
    return one.settled / one.amount


def _known_as(one: Standing) -> str:
    text = one.bucket.id.encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).hexdigest()
