"""The calls on a socket as one: an entry of a file has one line."""

from collections.abc import Sequence

from msgspec.structs import replace

from tollway.model import USAGE_FIELDS, CallRecord, Cost, Source, Usage
from tollway.recorded.call import Inner

UNREAD = "unread_messages"
"""Flag: of some messages of the socket nobody can say what they were, or what they cost."""
_PARTS = ("input_nano", "cache_read_nano", "cache_write_nano", "output_nano", "other_nano")
_WORST = (Source.ESTIMATED, Source.COMPUTED, Source.PROVIDER, Source.NONE)
"""What is said of a sum of figures, the first that any of them is."""


def summed(calls: Sequence[Inner], operation: str, unread: bool) -> Inner:
    """Their usage and costs together; all else is that of the dearest one. There is one at least.

    `operation`: the socket's. `unread`: some of its messages were not read.
    """
    records = [call.record for call in calls]
    dearest = max(records, key=lambda record: record.cost.nano)
    errors = [record.error for record in records if record.error is not None]
    record = replace(
        dearest,
        operation=operation or dearest.operation,
        usage=usage(records),
        cost=_cost([record.cost for record in records], unread),
        error=errors[0] if errors else None,
    )
    return Inner(record=record, reason=_reason(calls))


def usage(records: Sequence[CallRecord]) -> Usage:
    """The sum; a field is reported where one of them reports it."""
    told = [record.usage.known() for record in records]
    return Usage(**{
        name: sum(one.get(name, 0) for one in told)
        for name in USAGE_FIELDS
        if any(name in one for one in told)
    })  # fmt: skip


def _cost(costs: Sequence[Cost], unread: bool) -> Cost:
    sources = {cost.source for cost in costs}
    versions = {cost.price_version for cost in costs if cost.nano}
    flags = [flag for cost in costs for flag in cost.flags] + ([UNREAD] if unread else [])
    return Cost(
        **{part: sum(getattr(cost, part) for cost in costs) for part in _PARTS},
        source=next(source for source in _WORST if source in sources),
        price_version=versions.pop() if len(versions) == 1 else "",
        flags=tuple(dict.fromkeys(flags)),
    )


def _reason(calls: Sequence[Inner]) -> str | None:
    """Why the sum is an estimate, or zero."""
    estimated = [call for call in calls if call.record.cost.source is Source.ESTIMATED]
    if estimated or not any(call.record.cost.nano for call in calls):
        return (estimated or calls)[0].reason
    return None
