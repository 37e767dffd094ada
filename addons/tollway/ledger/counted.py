"""What rows are charged under limits, in SQL. `budget.charges.charged` is the definition."""

from collections.abc import Sequence
from typing import Any

from tollway.budget.amounts import Amounts, Unit
from tollway.budget.charges import charged
from tollway.model import RETRIEVE, CallRecord, Cost, Usage

MINUTE_US = 60_000_000
DAY_US = 86_400_000_000

COLUMNS = "state, operation, cost_nano, input_tokens, output_tokens, status, calls"
"""What decides it."""

_TOKENS = "coalesce(input_tokens, 0) + coalesce(output_tokens, 0)"
IS_REQUEST = f"""operation <> '{RETRIEVE}'
    AND (coalesce(status < 400, 0) OR cost_nano > 0 OR {_TOKENS} > 0 OR state = 'lost')"""
"""Whether one is charged as a request."""
SUM_OF = {
    Unit.USD: "coalesce(sum(cost_nano), 0)",
    Unit.INPUT: "coalesce(sum(input_tokens), 0)",
    Unit.OUTPUT: "coalesce(sum(output_tokens), 0)",
    Unit.TOKENS: f"coalesce(sum({_TOKENS}), 0)",
    Unit.REQUESTS: f"coalesce(sum(calls * ({IS_REQUEST})), 0)",
}
"""What rows that are not open come to, by unit."""
SUMS = ", ".join(SUM_OF[unit] for unit in (Unit.USD, Unit.INPUT, Unit.OUTPUT, Unit.REQUESTS))
"""The same, as the fields of Amounts."""

ENDED = "coalesce(ended_us, started_us)"
LONG = f"ended_us - started_us > {DAY_US}"
"""Which rows the index `calls_long` has: of batches, and of calls whose process died long before they were
found to be lost. All others ended within a day of their start."""


def charge(row: Sequence[Any]) -> Amounts:
    """What a row of COLUMNS is charged."""
    state, operation, nano, input_tokens, output_tokens, status, calls = row
    return charged(
        CallRecord(
            id="",
            state=state,
            operation=operation,
            started_us=0,
            usage=Usage(input_tokens=input_tokens, output_tokens=output_tokens),
            cost=Cost(other_nano=nano),
            status=status,
            calls=calls,
        )
    )


def horizon(rolling_us: int, now_us: int) -> int:
    """The first minute since the epoch that is, if only in part, within a rolling window."""
    return (now_us - rolling_us) // MINUTE_US
