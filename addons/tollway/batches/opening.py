"""The row of a call that makes a batch, until its end is known: at what it is likely to come to."""

from tollway import rows
from tollway.batches.weight import Weight
from tollway.charging import AT_BOUND
from tollway.known import Known
from tollway.model import AWAITED, CallRecord, Cost, Report, Source, Usage

LIKELY, BOUND = "likely", "bound"
"""What stands in the place of a price list's version."""


def opened(known: Known, batch: Weight) -> CallRecord:
    """Before it leaves."""
    return rows.row(known, "open", _likely(batch, None), _estimate(batch), None, known.error, None)


def answered(known: Known, batch: Weight, status: int, id: str, now_us: int) -> CallRecord:
    """Once it was taken, under this id: its end comes later than its answer's."""
    cost = _estimate(batch, AWAITED)
    return rows.row(known, "open", _likely(batch, id), cost, status, known.error, now_us)


def closed(known: Known, batch: Weight, status: int | None, cut: bool, ended_us: int) -> CallRecord:
    """Once it is over, and nobody knows by what id to ask for it. One that may have been taken is charged at
    its estimate; what a hard limit holds of it, in full."""
    if not known.left or (status is not None and not 200 <= status < 300):
        return rows.ended(known, Report(), Cost(), status, cut, ended_us)
    bound = known.ruling.bound
    if bound is None:
        return rows.ended(known, _likely(batch, None), _estimate(batch), status, cut, ended_us)
    used = Usage(input_tokens=bound.input_tokens, output_tokens=bound.output_tokens)
    cost = Cost(other_nano=bound.nano, source=Source.ESTIMATED, price_version=BOUND, flags=(AT_BOUND,))
    return rows.ended(known, Report(usage=used), cost, status, cut, ended_us)


def _likely(batch: Weight, id: str | None) -> Report:
    """Nothing, where nothing is known of its requests."""
    if not batch.requests:
        return Report(id=id)
    likely = batch.likely
    return Report(usage=Usage(input_tokens=likely.input_tokens, output_tokens=likely.output_tokens), id=id)


def _estimate(batch: Weight, *flags: str) -> Cost:
    unknown = () if batch.requests else ("unknown_call",)
    source = Source.ESTIMATED if batch.requests else Source.NONE
    return Cost(other_nano=batch.likely.nano, source=source, price_version=LIKELY, flags=(*unknown, *flags))
