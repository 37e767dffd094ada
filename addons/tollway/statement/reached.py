"""How far limits got in a month, as far as the ledger still has their windows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tollway.budget.amounts import Unit
from tollway.ledger.store import BucketRow
from tollway.reporting.percent import share
from tollway.statement.whose import Whose


@dataclass(frozen=True, slots=True)
class Reached:
    """The windows of one limit, for one set of values of `per`."""

    limit: str
    values: Mapping[str, str | None]
    enforce: str
    unit: Unit
    windows: int
    """Of the month that calls counted in."""
    full: int
    """Of them, those in which nothing was left."""
    amount: int
    """Of the window that was used most, as last applied; as `used`, in the unit."""
    used: int
    """What was settled and held in it."""

    @property
    def percent(self) -> Decimal | None:
        """How much of the amount that is; None: there is no amount."""
        return share(self.used, self.amount)


def reached(rows: Sequence[BucketRow], whose: Whose) -> tuple[Reached, ...]:
    """How far limits got: those kept apart by whose the statement is, or, of the company's, those that are
    everybody's or a team's. What was used most comes first."""
    found: dict[tuple[object, ...], list[BucketRow]] = {}
    for row in rows:
        if _is_of(row.bucket.values, whose):
            key = (row.bucket.limit, row.bucket.unit, *row.bucket.values.items())
            found.setdefault(key, []).append(row)
    return tuple(sorted(map(_reached, found.values()), key=_place))


def _is_of(values: Mapping[str, str | None], whose: Whose) -> bool:
    if whose.attribute is None:
        return values.keys() <= {"team"}
    return whose.attribute in values and values[whose.attribute] == whose.value


def _reached(rows: Sequence[BucketRow]) -> Reached:
    most = max(rows, key=_used)
    return Reached(
        limit=most.bucket.limit,
        values=most.bucket.values,
        enforce=most.enforce.value,
        unit=most.bucket.unit,
        windows=len(rows),
        full=sum(row.settled + row.held >= row.amount for row in rows),
        amount=most.amount,
        used=most.settled + most.held,
    )


def _used(row: BucketRow) -> Decimal:
    return Decimal(row.settled + row.held) / max(row.amount, 1)


def _place(one: Reached) -> tuple[Decimal, str, str]:
    return -Decimal(one.used) / max(one.amount, 1), one.limit, str(one.values)
