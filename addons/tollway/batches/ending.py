"""From the row of a batch, and what is known of its end, to the row that it ends with."""

from msgspec.structs import replace

from tollway import rows
from tollway.batches.sum import BATCH_TIER, Price, Sum, spread
from tollway.batches.told import Told
from tollway.model import TO_COME, TOTALS, CallRecord, Cost, Report, Source, Usage

RELEASED = "released"
"""Flag: an operator let go of it; what it came to replaces that."""
SURPASSED = TO_COME | {RELEASED}
NOTHING = Cost(source=Source.PROVIDER)
SHAPE = "batch"
"""The shape of a batch's bound. Which of its requests exceeded theirs, nobody can tell from their sum: so one
violation quarantines all batches of its provider and model; where it had several, all that have several."""


def awaits(row: CallRecord) -> bool:
    """Whether its end is not known, or not as well as it may be."""
    return row.state != "done" or not SURPASSED.isdisjoint(row.cost.flags)


def violates(before: CallRecord, ended: CallRecord) -> bool:
    """Whether it turns out only now that a batch came to more than its bound."""
    return rows.VIOLATED in ended.cost.flags and rows.VIOLATED not in before.cost.flags


def by_object(row: CallRecord, told: Told, price: Price, now_us: int) -> CallRecord | None:
    """The row once the batch itself was shown; None: that does not say what it came to, or it goes on."""
    if not told.ended:
        return None
    if told.usage is None:
        return _ended(row, Usage(), NOTHING, None, now_us) if told.answered == 0 else None
    report = Report(usage=told.usage, model=told.model or row.model)
    cost = spread(report, max(told.answered or 1, 1), price)
    return _ended(row, told.usage, replace(cost, flags=(*cost.flags, TOTALS)), told.model, now_us)


def by_results(row: CallRecord, sum: Sum, now_us: int) -> CallRecord:
    """The row once all results have passed."""
    cost = sum.cost if sum.answers else NOTHING
    return _ended(row, sum.usage or Usage(), cost, sum.model, now_us)


def _ended(row: CallRecord, usage: Usage, cost: Cost, model: str | None, now_us: int) -> CallRecord:
    return rows.within_bound(
        replace(
            row,
            state="done",
            ended_us=max(now_us, row.started_us),
            usage=usage,
            cost=cost,
            tier=BATCH_TIER,
            model=row.model or model,
            model_served=model or row.model_served,
            error=None,
        )
    )
