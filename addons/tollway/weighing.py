"""What a request of a batch comes to: its bound, and the price of that in batches."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from tollway.batches.weight import Weight
from tollway.bound.bound import Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.budget.amounts import Amounts
from tollway.budget.likely import likely_output
from tollway.model import Endpoint, Kind, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Ceiling, Leaving
from tollway.prices.reach import speed_asked
from tollway.wire import DIALECTS

NO_PATH = "nothing here reads requests to {}"
NO_PRICE = "no price of {} is known"
NO_MAXIMUM = "a request names no output maximum, and that of {} is not known"
BYTES_PER_TOKEN = 4
LONGEST = 128
"""Characters of a path or a name that a reason repeats."""


class Weighing(Struct, frozen=True, kw_only=True):
    """Weighs the requests of one batch."""

    book: PriceBook
    find: Callable[[str], Endpoint | None]
    """What a request to a path of the batch's provider is."""
    at: datetime
    notional: bool = False
    dearest: bool = False
    """A model of no known price costs no more than its provider's dearest."""

    def weigh(self, path: str, body: Mapping[str, Any]) -> Weight:
        """As of `requests.Weigh`."""
        endpoint = self.find(path)
        if endpoint is not None and endpoint.kind is Kind.PASS:
            return Weight(requests=1)
        if endpoint is None or endpoint.kind is not Kind.INFERENCE:
            return Weight(requests=1, unbounded=NO_PATH.format(path[:LONGEST] or "no path"))
        asked = DIALECTS[endpoint.dialect].read_request(endpoint, body)
        model = asked.model or endpoint.model
        leaving = Leaving(
            provider=endpoint.provider,
            host=endpoint.host,
            operation=endpoint.operation,
            model=model,
            tier="batch",
            speed=speed_asked(endpoint.provider, body),
            at=self.at,
            notional=self.notional,
            in_batch=True,
        )
        bound = bound_of(endpoint, asked, body, capacity_of(endpoint.provider, model))
        ceiling = self.book.ceiling(leaving, self.dearest)
        name = (model or "no model")[:LONGEST]
        usage, why = Usage(), None
        if isinstance(bound, Unbounded):
            why = bound.reason
        elif ceiling is None:
            why = NO_PRICE.format(name)
        elif bound.max_output is None:
            why = NO_MAXIMUM.format(name)
        else:
            usage = bound.usage
        guess = Usage(
            input_tokens=-(-len(str(body)) // BYTES_PER_TOKEN),
            output_tokens=likely_output(endpoint.operation, asked),
        )
        return Weight(
            requests=1,
            most=_amounts(usage, ceiling.nano(usage) if ceiling is not None and why is None else 0),
            likely=_amounts(guess, self.book.expected(leaving, guess)),
            models=(model,) if model else (),
            unbounded=why,
        )


def price_of(ceiling: Ceiling | None, usage: Usage) -> int:
    """What it comes to at most."""
    return 0 if ceiling is None else ceiling.nano(usage)


def _amounts(usage: Usage, nano: int) -> Amounts:
    return Amounts(
        nano=nano,
        input_tokens=usage.input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
        requests=1,
    )
