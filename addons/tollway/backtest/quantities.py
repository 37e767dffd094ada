"""Amounts in each unit at once, as plain tuples: of a million calls each is asked for several."""

from collections.abc import Mapping

from tollway.budget.amounts import Unit

Quantities = tuple[int, int, int, int, int]
"""Nano-dollars, tokens, input tokens, output tokens, requests."""

PLACE: Mapping[Unit, int] = {
    Unit.USD: 0,
    Unit.TOKENS: 1,
    Unit.INPUT: 2,
    Unit.OUTPUT: 3,
    Unit.REQUESTS: 4,
}
"""Where a unit's amount stands, as `Amounts.of` has it."""


def quantities(nano: int, input_tokens: int, output_tokens: int, requests: int) -> Quantities:
    """Of a call."""
    return nano, input_tokens + output_tokens, input_tokens, output_tokens, requests
