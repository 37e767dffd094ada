"""What GitHub Copilot says it billed: a `copilot_usage` beside the usage, in all of its formats."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tollway.wire.counts import part

_NANO_PER_UNIT = Decimal("0.01")
"""An AI credit is a billion of the units, and costs a cent:
https://docs.github.com/en/copilot/concepts/billing/usage-based-billing-for-individuals"""
_MOST = 10**18


def cost_nano(message: Mapping[str, Any]) -> int | None:
    """The cost of an answer, in nano-dollars, rounded half up; None if the message does not say.

    `total_nano_aiu`, or where that lacks the sum over `token_details`: count x cost of a batch / its size.
    """
    usage = part(message, "copilot_usage")
    units = _number(usage.get("total_nano_aiu"))
    if units is None:
        details = list(_details(usage))
        units = sum(details, Decimal(0)) if details else None
    if units is None or units > _MOST:
        return None
    return int((units * _NANO_PER_UNIT).to_integral_value(ROUND_HALF_UP))


def _details(usage: Mapping[str, Any]) -> Iterator[Decimal]:
    details = usage.get("token_details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict):
            count, cost, size = (
                _number(detail.get(name)) for name in ("token_count", "cost_per_batch", "batch_size")
            )
            if count is not None and cost is not None and size:
                yield count * cost / size


def _number(value: object) -> Decimal | None:
    """The value if a bill may have it; exact, as the shortest text of a float is what the JSON said."""
    if (type(value) is int or type(value) is float) and 0 <= value <= _MOST:
        return Decimal(str(value))
    return None
