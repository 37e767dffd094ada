"""The buckets of limits as a value: what is spent, what is left, and how long it lasts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tollway.budget.amounts import Unit
from tollway.ledger.store import BucketRow, Held
from tollway.money import usd
from tollway.reporting import periods
from tollway.reporting.periods import SECOND

HOUR_US = 3_600 * SECOND
LEAST_US = 60 * SECOND
"""A rate is of a minute at least: the first call of a window is no trend."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A bucket at one moment. Amounts are in its unit, money in nano-dollars; times microseconds, UTC."""

    row: BucketRow
    from_us: int
    """Where its window begins; of a rolling one, as of now."""
    until_us: int | None
    """Where its window ends; None for a rolling one, which has no end."""
    per_hour: int
    """What is settled, by the hours since the window began, or since its first call if that is later."""
    exhausted_us: int | None
    """When all of the amount will be settled at that rate; None: not in this window, or nothing is spent."""

    @property
    def left(self) -> int:
        """What may still be held; below zero where more was spent than the limit has by now."""
        return self.row.amount - self.row.settled - self.row.held

    @property
    def used(self) -> float:
        """The part of the amount that is settled or held: 1 is all of it."""
        taken = self.row.settled + self.row.held
        return taken / self.row.amount if self.row.amount else float(taken > 0)


@dataclass(frozen=True, slots=True)
class Budgets:
    """What `tollway budgets` shows."""

    standings: tuple[Standing, ...]
    """The bucket that is nearest to its end first."""
    holds: tuple[Held, ...]
    """Calls that hold something, and those that are charged at their bound since their process died."""
    flat: tuple[str, ...]
    """Limits in USD that met only calls under a flat plan, which they do not count."""
    zone: ZoneInfo


def standings(rows: Iterable[BucketRow], now_us: int) -> tuple[Standing, ...]:
    """How buckets stand, what is used up soonest first, then what is used most."""
    return tuple(sorted((standing(row, now_us) for row in rows), key=_place))


def standing(row: BucketRow, now_us: int) -> Standing:
    """How a bucket stands."""
    rolling_us = row.bucket.rolling_us
    from_us = row.bucket.start_us if rolling_us is None else max(now_us - rolling_us, 0)
    since_us = max(from_us, row.started_us)
    per_hour = row.settled * HOUR_US // max(now_us - since_us, LEAST_US)
    # What a rolling window spent first leaves it a window's length later: from then on it grows no more.
    end_us = row.bucket.end_us if rolling_us is None else since_us + rolling_us
    return Standing(
        row=row,
        from_us=from_us,
        until_us=row.bucket.end_us,
        per_hour=per_hour,
        exhausted_us=_exhausted(row.amount - row.settled, per_hour, now_us, end_us),
    )


def _exhausted(unspent: int, per_hour: int, now_us: int, end_us: int | None) -> int | None:
    if per_hour <= 0:
        return None
    at_us = now_us + max(unspent, 0) * HOUR_US // per_hour
    return at_us if end_us is None or at_us < end_us else None


def _place(standing: Standing) -> tuple[Any, ...]:
    row = standing.row
    never = standing.exhausted_us is None
    names = [(name, value or "") for name, value in row.bucket.values.items()]
    return never, standing.exhausted_us or 0, -standing.used, row.bucket.limit, names, standing.from_us


def as_json(budgets: Budgets) -> dict[str, Any]:
    """`{budgets: [{limit, bucket, from, until, enforce, unit, amount, settled, held, left, per_hour,
    exhausted_at}], holds: [{call, state, alive, started, provider, model, limits, bound_usd}], flat_plan}`.

    Money is a decimal string in USD, all else an integer; times are ISO 8601 in the zone. `until` is null for
    a rolling window. A hold whose `state` is lost is charged at its bound, since nobody knows how it ended.
    """
    return {
        "budgets": [bucket_as_json(standing, budgets.zone) for standing in budgets.standings],
        "holds": [_held(held, budgets.zone) for held in budgets.holds],
        "flat_plan": list(budgets.flat),
    }


def bucket_as_json(standing: Standing, zone: ZoneInfo) -> dict[str, Any]:
    """One of the `budgets` of `as_json`."""
    row = standing.row
    unit = row.bucket.unit
    amounts = {
        "amount": row.amount, "settled": row.settled, "held": row.held, "left": standing.left,
        "per_hour": standing.per_hour,
    }  # fmt: skip
    return {
        "limit": row.bucket.limit,
        "bucket": dict(row.bucket.values),
        "from": iso(standing.from_us, zone),
        "until": iso(standing.until_us, zone),
        "enforce": row.enforce.value,
        "unit": unit.value,
        **{name: usd(amount) if unit is Unit.USD else amount for name, amount in amounts.items()},
        "exhausted_at": iso(standing.exhausted_us, zone),
    }


def _held(held: Held, zone: ZoneInfo) -> dict[str, Any]:
    call = held.call
    return {
        "call": call.id,
        "state": call.state,
        "alive": held.alive,
        "started": iso(call.started_us, zone),
        "provider": call.provider,
        "model": call.model,
        "limits": list(call.limits),
        "bound_usd": None if call.bound is None else usd(call.bound.nano),
    }


def iso(us: int | None, zone: ZoneInfo) -> str | None:
    """A moment as ISO 8601, to the second."""
    return None if us is None else periods.local(us, zone).isoformat()


def stranded(holds: Sequence[Held]) -> tuple[Held, ...]:
    """Those of them that an operator may release: their process is not there any more."""
    return tuple(held for held in holds if not held.alive)
