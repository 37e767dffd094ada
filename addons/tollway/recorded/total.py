"""What the calls of a file come to."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.sums import Sums
from tollway.model import Billing, CallRecord, Source
from tollway.money import usd
from tollway.recorded.call import SHOWN_AGAIN, Call
from tollway.reporting.bill import Bill

BY = ("provider", "model")


def as_json(calls: Sequence[Call]) -> dict[str, Any]:
    """`{calls, metered, unknown, damaged, cost_usd, notional_usd, estimated_usd}`.

    `calls` counts all entries, `metered` those that are priced; `unknown` those to a provider that may cost
    and that nothing here reads; `estimated_usd` is a part of `cost_usd`.
    """
    sums = bill(calls).total
    metered = sum(call.record is not None for call in calls)
    return {
        "calls": len(calls),
        "metered": metered,
        "unknown": sum(call.may_cost for call in calls),
        "damaged": sum(call.is_damaged for call in calls),
        "cost_usd": usd(sums.cost_nano),
        "notional_usd": usd(sums.notional_nano),
        "estimated_usd": usd(sums.estimated_nano),
    }


def bill(calls: Iterable[Call]) -> Bill:
    """The metered calls by provider and model, the dearest first."""
    rows: dict[tuple[str | int | None, ...], Sums] = {}
    total = Sums()
    for call in calls:
        for record in call.records:
            sums = _sums(record, call.reason != SHOWN_AGAIN)
            rows.setdefault((record.provider, record.model), Sums()).add(sums)
            total.add(sums)
    dearest = sorted(rows.items(), key=lambda row: (-row[1].cost_nano - row[1].notional_nano, str(row[0])))
    return Bill(BY, tuple(dearest), total, ZoneInfo("UTC"))


def _sums(record: CallRecord, counts: bool) -> Sums:
    """`counts`: what it used is not counted elsewhere."""
    nano, is_metered = record.cost.nano, record.billing is Billing.METERED
    return Sums(
        calls=1,
        cost_nano=nano if is_metered else 0,
        notional_nano=0 if is_metered else nano,
        estimated_nano=nano if is_metered and record.cost.source is Source.ESTIMATED else 0,
        usage=record.usage.known() if counts else {},
    )
