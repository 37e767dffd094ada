"""Limits for the ledger's tests: what a store asks of them, calls that meet them, and a look at both."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.attributes import attributes
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.ledger.books import SqliteBooks
from tollway.ledger.store import Terms
from tollway.model import CallRecord, Cost, Source, Usage

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US


@dataclass(frozen=True)
class Limit:
    """One limit. Windows of the calendar are whole multiples of their length since the epoch."""

    name: str = "month"
    amount: int = 1_000
    unit: Unit = Unit.USD
    enforce: Enforce = Enforce.HARD
    per: tuple[str, ...] = ()
    window_us: int = DAY_US
    rolling: bool = False
    team: str | None = None
    """The one team that it is about; None: all calls."""

    @property
    def key(self) -> str:
        """Of all but what may be edited without another bucket."""
        return f"{self.name} {self.unit} {self.per} {self.window_us} {self.rolling} {self.team}"

    def buckets(self, call: CallRecord, at_us: int) -> Iterator[Bucket]:
        """The buckets that a call counts in."""
        known = attributes(call)
        if self.team is not None and known["team"] != self.team:
            return
        start_us = 0 if self.rolling else at_us - at_us % self.window_us
        values = [known.get(name) for name in self.per]
        for chosen in product(*(value if isinstance(value, tuple) else (value,) for value in values)):
            yield Bucket(
                limit=self.name,
                key=self.key,
                values=dict(zip(self.per, chosen, strict=True)),
                unit=self.unit,
                start_us=start_us,
                end_us=None if self.rolling else start_us + self.window_us,
                rolling_us=self.window_us if self.rolling else None,
            )


class Limits:
    """A policy's limits: `Rules`."""

    def __init__(self, *limits: Limit) -> None:
        self.limits = {limit.key: limit for limit in limits}

    def keys(self) -> Sequence[str]:
        """As `Rules.keys`."""
        return list(self.limits)

    def terms(self, key: str, now_us: int) -> Terms:
        """As `Rules.terms`."""
        limit = self.limits[key]
        rolling_us = limit.window_us if limit.rolling else None
        return Terms(amount=limit.amount, enforce=limit.enforce, rolling_us=rolling_us)

    def attributes(self, keys: Collection[str]) -> Collection[str]:
        """As `Rules.attributes`."""
        return {"team", *(name for key in keys for name in self.limits[key].per)}

    def since_us(self, key: str, now_us: int) -> int:
        """As `Rules.since_us`."""
        limit = self.limits[key]
        return now_us - (limit.window_us if limit.rolling else now_us % limit.window_us)

    def buckets(self, key: str, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """As `Rules.buckets`."""
        return list(self.limits[key].buckets(call, at_us))

    def all_buckets(self, call: CallRecord, at_us: int) -> Sequence[Bucket]:
        """As `Rules.all_buckets`."""
        return [bucket for key in self.limits for bucket in self.buckets(key, call, at_us)]

    def wants(self, call: CallRecord) -> list[Want]:
        """What a call that has a bound would hold; limits that are not hard hold as much."""
        assert call.bound is not None
        return [
            Want(bucket=bucket, amount=limit.amount, enforce=limit.enforce, hold=call.bound.of(limit.unit))
            for limit in self.limits.values()
            for bucket in limit.buckets(call, call.started_us)
        ]


def opened(id: str = "a", nano: int = 100, at_us: int = NOON_US, **fields: Any) -> CallRecord:
    """A call about to leave, which may come to so much; it is estimated at a tenth of it."""
    call = CallRecord(
        id=id,
        state="open",
        started_us=at_us,
        team="a",
        provider="anthropic",
        model="claude-sonnet-4-5",
        usage=Usage(input_tokens=nano // 10),
        cost=Cost(input_nano=nano // 10, source=Source.ESTIMATED),
        bound=Amounts(nano=nano, input_tokens=nano, output_tokens=2 * nano, requests=1),
    )
    return replace(call, **fields)


def ended(call: CallRecord, nano: int, at_us: int | None = None, **fields: Any) -> CallRecord:
    """The same, once it was answered and cost so much: as many input tokens."""
    done = replace(
        call,
        state="done",
        ended_us=call.started_us + 1_000_000 if at_us is None else at_us,
        status=200,
        usage=Usage(input_tokens=nano, output_tokens=0),
        cost=Cost(input_nano=nano, source=Source.COMPUTED),
    )
    return replace(done, **fields)


def read(path: Path) -> dict[str, CallRecord]:
    """All calls of a ledger."""
    with closing(SqliteBooks(path)) as books:
        return {found.id: found for found in books.calls()}


def standing(path: Path, now_us: int = NOON_US) -> list[tuple[int, int]]:
    """What is settled and held in each of its buckets."""
    with closing(SqliteBooks(path)) as books:
        return [(row.settled, row.held) for row in books.buckets(now_us)]
