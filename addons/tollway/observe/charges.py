"""What a call adds to the metrics that tell of its usage and cost."""

from collections.abc import Iterator

from tollway.model import CallRecord
from tollway.observe.catalogue import SPENT, TOKENS, UNITS
from tollway.observe.counting import Counts, Series

NOT_BILLED = frozenset({"hit", "join"})
"""How the cache answered a call that its provider bills nobody for."""


def charges(call: CallRecord, model: str) -> Counts:
    """By series. `model`: what it is called there."""
    return dict(_charges(call, model))


def _charges(call: CallRecord, model: str) -> Iterator[tuple[Series, int]]:
    if call.cost.nano:
        yield Series(SPENT, (call.provider, model, call.billing, call.cost.source)), call.cost.nano
    if call.cache in NOT_BILLED:
        return
    for kind, count in call.usage.known().items():
        if count:
            family = TOKENS if kind.endswith("_tokens") else UNITS
            yield Series(family, (call.provider, model, kind)), count


def difference(before: Counts, after: Counts) -> Counts:
    """What has to be added to the first to come to the second; below zero, what was too much."""
    changed = {series: after.get(series, 0) - before.get(series, 0) for series in {**before, **after}}
    return {series: amount for series, amount in changed.items() if amount}
