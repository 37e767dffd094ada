"""The bill at other prices: what the recorded calls would have cost. What was recorded is not touched.

A call is priced again from its row: provider, host, models, tier, time and usage; speed and region as the
price that was recorded tells them. These stay what they were charged: what the provider itself billed, what
had no usage, what several models shared, for the row has not who used what, and calls that were merged, for
prices go by how long each was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.attributes import PERIODS
from tollway.ledger.charged import Charged
from tollway.ledger.store import Books, Group
from tollway.model import USAGE_FIELDS, Billing, Cost, Report, Source, Usage
from tollway.money import usd
from tollway.prices.book import PriceBook
from tollway.prices.priced import Priced
from tollway.reporting import periods
from tollway.reporting.bill import in_order

_OWN = re.compile(r" (tier|speed|geo)=([^\s;]+)")
_LASTING = frozenset({Source.PROVIDER.value, Source.NONE.value})
_NOTHING = (None,) * len(USAGE_FIELDS)


@dataclass(slots=True)
class Repriced:
    """Sums over some calls, in nano-dollars: as charged, and at the other prices."""

    calls: int = 0
    kept: int = 0
    """Of them, those that stay what they were charged."""
    cost_nano: int = 0
    repriced_nano: int = 0
    notional_nano: int = 0
    repriced_notional_nano: int = 0

    def add(self, billing: str, old: int, new: int, kept: bool, calls: int = 1) -> None:
        """Take in a call, or several in one row."""
        self.calls += calls
        self.kept += calls * kept
        if billing == Billing.METERED.value:
            self.cost_nano += old
            self.repriced_nano += new
        else:
            self.notional_nano += old
            self.repriced_notional_nano += new


@dataclass(frozen=True, slots=True)
class Comparison:
    """The bill twice."""

    by: tuple[str, ...]
    rows: tuple[tuple[Group, Repriced], ...]
    """A value for each of `by`, and the sums: periods in their order, then the dearest first."""
    total: Repriced
    prices: str
    """The version of the other prices."""
    zone: ZoneInfo
    since_us: int | None = None
    until_us: int | None = None


def compare(
    books: Books,
    book: PriceBook,
    by: Sequence[str],
    since_us: int | None,
    until_us: int | None,
    zone: ZoneInfo,
) -> Comparison:
    """The bill by attributes, periods and tags, as charged and at the prices of `book`."""
    by = tuple(dict.fromkeys(by))
    attributes = [name for name in by if name not in PERIODS]
    span = {name: us for name, us in (("since_us", since_us), ("until_us", until_us)) if us is not None}
    name_of = _Namer(by, attributes, zone)
    rows: dict[Group, Repriced] = {}
    total = Repriced()
    for call in books.charged(attributes, **span):
        new = reprice(call, book)
        cost = call.cost_nano if new is None else new
        for sums in (rows.setdefault(name_of(call), Repriced()), total):
            sums.add(call.billing, call.cost_nano, cost, new is None, call.calls)
    ordered = in_order(rows, by, lambda sums: sums.cost_nano + sums.notional_nano)
    return Comparison(by, tuple(ordered), total, book.version, zone, since_us, until_us)


def reprice(call: Charged, book: PriceBook) -> int | None:
    """What the call costs by these prices, in nano-dollars; None: it stays what it was charged."""
    cost = priced(call, book)
    return None if cost is None else cost.nano


def priced(call: Charged, book: PriceBook) -> Cost | None:
    """The call at these prices, part by part; None: it stays what it was charged."""
    if call.calls > 1 or call.cost_source in _LASTING or call.used == _NOTHING:
        return None
    tier, speed, geo, several = _circumstances(call.price_version)
    if several:
        return None
    return book.price(
        Priced(
            provider=call.provider,
            host=call.host,
            operation=call.operation,
            model_asked=call.model_asked or call.model,
            report=Report(
                usage=_usage(call.used),
                model=call.model_served,
                tier=tier or call.tier,
                speed=speed,
                geo=geo,
            ),
            at=datetime.fromtimestamp(call.started_us / 1_000_000, UTC),
            notional=call.billing != Billing.METERED.value,
        )
    )


@lru_cache(maxsize=4096)
def _circumstances(price_version: str) -> tuple[str | None, str | None, str | None, bool]:
    """Tier, speed and region that a recorded price tells, and whether several models shared the call."""
    told = dict(_OWN.findall(price_version))
    return told.get("tier"), told.get("speed"), told.get("geo"), "; " in price_version


@lru_cache(maxsize=4096)
def _usage(used: tuple[int | None, ...]) -> Usage:
    return Usage(**dict(zip(USAGE_FIELDS, used, strict=True)))


class _Namer:
    """Names the groups of calls that come in the order of their start."""

    def __init__(self, by: Sequence[str], attributes: Sequence[str], zone: ZoneInfo) -> None:
        self._zone = zone
        self._unit = periods.finest(tuple(name for name in by if name in PERIODS))
        self._places = [attributes.index(name) if name in attributes else None for name in by]
        self._by = by
        self._end = -1
        self._labels: list[str] = []

    def __call__(self, call: Charged) -> Group:
        if self._unit is None:
            return call.group
        if call.started_us >= self._end:
            self._end = periods.end(self._unit, call.started_us, self._zone)
            self._labels = [
                periods.label(name, call.started_us, self._zone) if place is None else ""
                for name, place in zip(self._by, self._places, strict=True)
            ]
        return tuple(
            label if place is None else call.group[place]
            for label, place in zip(self._labels, self._places, strict=True)
        )


def as_json(comparison: Comparison) -> dict[str, Any]:
    """`{since, until, by, prices, rows: [{<by>, calls, kept, cost_usd, repriced_usd, difference_usd,
    notional_usd, repriced_notional_usd}], total}`."""
    since, until = (
        None if us is None else periods.local(us, comparison.zone).isoformat()
        for us in (comparison.since_us, comparison.until_us)
    )
    return {
        "since": since,
        "until": until,
        "by": list(comparison.by),
        "prices": comparison.prices,
        "rows": [
            {**dict(zip(comparison.by, group, strict=True)), **amounts(sums)}
            for group, sums in comparison.rows
        ],
        "total": amounts(comparison.total),
    }


def amounts(sums: Repriced) -> dict[str, Any]:
    """The sums by their stable names, money as decimal strings in USD."""
    return {
        "calls": sums.calls,
        "kept": sums.kept,
        "cost_usd": usd(sums.cost_nano),
        "repriced_usd": usd(sums.repriced_nano),
        "difference_usd": usd(sums.repriced_nano - sums.cost_nano),
        "notional_usd": usd(sums.notional_nano),
        "repriced_notional_usd": usd(sums.repriced_notional_nano),
    }
