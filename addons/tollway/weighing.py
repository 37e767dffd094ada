"""What a request of a batch comes to: its bound, and the price of that in batches."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from msgspec import Struct
from msgspec.structs import replace

from tollway.access.named import NO_MODEL, Named, named_in, named_once
from tollway.batches.weight import Weight, unread
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.budget.amounts import Amounts
from tollway.budget.likely import likely_output
from tollway.model import Endpoint, Kind, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import BATCH, Leaving
from tollway.prices.reach import speed_asked
from tollway.wire import DIALECTS

NO_PATH = "nothing here reads requests to {}"
NO_PRICE = "no price of {} is known"
NO_MAXIMUM = "a request names no output maximum, and that of {} is not known"
OTHER_UNITS = "what it is billed for is no tokens alone, and its model is not known where it is"
ACTING = "one names what has a model of its own"
BYTES_PER_TOKEN = 4
LONGEST = 128
"""Characters of a path or a name that a reason repeats."""
TOKENS = frozenset(
    "input_tokens cache_read_tokens cache_write_tokens cache_write_1h_tokens cache_write_12h_tokens"
    " output_tokens reasoning_tokens".split()
)


class Weighing(Struct, frozen=True, kw_only=True):
    """Weighs the requests of one batch."""

    book: PriceBook
    find: Callable[[str], Endpoint | None]
    """What a request to a path of the batch's provider is."""
    at: datetime
    notional: bool = False
    dearest: bool = False
    """A model of no known price costs no more than its provider's dearest."""
    usual: str = ""
    """Where requests go that name no path: the batch says it later, with their model (Gemini, Mistral)."""

    def weigh(self, path: str, body: Mapping[str, Any]) -> Weight:
        """As of `requests.Weigh`."""
        endpoint = self.find(path or self.usual)
        if endpoint is not None and endpoint.kind is Kind.PASS:
            return Weight(requests=1)
        if endpoint is None or endpoint.kind is not Kind.INFERENCE:
            return unread(NO_PATH.format(path[:LONGEST] or "no path"), 1)
        asked = DIALECTS[endpoint.dialect].read_request(endpoint, body)
        model = None if not path else asked.model or endpoint.model
        bound = bound_of(endpoint, asked, body, capacity_of(endpoint.provider, model))
        guess = Usage(
            input_tokens=-(-len(orjson.dumps(body)) // BYTES_PER_TOKEN),
            output_tokens=likely_output(endpoint.operation, asked),
        )
        leaving = self._leaving(endpoint, model, body)
        if not path:
            return _unplaced(bound, guess, named_once(replace(endpoint, model=None), body))
        found = named_once(endpoint, body)
        why, most = self._most(bound, leaving)
        return Weight(
            requests=1,
            most=most,
            likely=_amounts(guess, self.book.expected(leaving, guess)),
            models=(model,) if model else (),
            names=found.models,
            untold=_untold(found),
            unbounded=why,
        )

    def around(self, batch: Mapping[str, Any]) -> Weight:
        """What the batch itself names, for its requests or in them: it comes to nothing more."""
        found = named_in(batch)
        return Weight(names=found.models, untold=_untold(found))

    def placed(self, weight: Weight, path: str, model: str | None) -> Weight:
        """The weight of requests that named no path, once it is known, and their model: at the dearest price
        of so many tokens at once."""
        endpoint, usual = self.find(path), self.find(self.usual)
        if endpoint is None or usual is None or endpoint.dialect != usual.dialect:
            return _lost(weight, NO_PATH.format(path[:LONGEST] or "no path"))
        if (model := model or endpoint.model) is None:
            return _lost(weight, NO_PRICE.format("no model"))
        leaving = self._leaving(endpoint, model, {})
        likely = _usage(weight.likely)
        placed = replace(
            weight,
            unplaced=False,
            models=(model,),
            names=(*weight.names, model),
            likely=_amounts(likely, weight.likely.nano + self.book.expected(leaving, likely)),
        )
        ceiling = self.book.ceiling(leaving, self.dearest)
        if ceiling is None:
            return replace(placed, unbounded=placed.unbounded or NO_PRICE.format(model[:LONGEST]))
        most = _usage(weight.most)
        return replace(placed, most=_amounts(most, weight.most.nano + ceiling.nano(most)))

    def _leaving(self, endpoint: Endpoint, model: str | None, body: Mapping[str, Any]) -> Leaving:
        return Leaving(
            provider=endpoint.provider,
            host=endpoint.host,
            operation=endpoint.operation,
            model=model,
            tier=BATCH,
            speed=speed_asked(endpoint.provider, body),
            at=self.at,
            notional=self.notional,
            in_batch=True,
        )

    def _most(self, bound: Bound | Unbounded, leaving: Leaving) -> tuple[str | None, Amounts]:
        """Why nothing bounds a request, if nothing does; else what it comes to."""
        name = (leaving.model or "no model")[:LONGEST]
        if isinstance(bound, Unbounded):
            return bound.reason, Amounts(requests=1)
        if (ceiling := self.book.ceiling(leaving, self.dearest)) is None:
            return NO_PRICE.format(name), Amounts(requests=1)
        if bound.max_output is None:
            return NO_MAXIMUM.format(name), Amounts(requests=1)
        return None, _amounts(bound.usage, ceiling.nano(bound.usage))


def _untold(found: Named) -> str | None:
    """Why a request may run others than the models that it names."""
    return found.unknown or (ACTING if found.opaque else None)


def _lost(weight: Weight, why: str) -> Weight:
    """Requests whose batch does not say where they go, or for which model."""
    return replace(weight, unplaced=False, unbounded=why, untold=why)


def _unplaced(bound: Bound | Unbounded, guess: Usage, found: Named) -> Weight:
    """Of a request whose model is not known yet: its tokens."""
    untold = _untold(found)
    why, most = None, Usage()
    if isinstance(bound, Unbounded):
        why = bound.reason
    elif bound.max_output is None:
        why = NO_MAXIMUM.format("its model")
    elif {name for name, count in bound.usage.known().items() if count} <= TOKENS:
        most = bound.usage
    else:
        why = OTHER_UNITS
    return Weight(
        requests=1,
        most=_amounts(most, 0),
        likely=_amounts(guess, 0),
        names=found.models,
        untold=None if untold == NO_MODEL else untold,
        unbounded=why,
        unplaced=True,
    )


def _usage(amounts: Amounts) -> Usage:
    """So many tokens; of the input any part may be written to a cache."""
    return Usage(input_tokens=amounts.input_tokens, output_tokens=amounts.output_tokens)


def _amounts(usage: Usage, nano: int) -> Amounts:
    return Amounts(
        nano=nano,
        input_tokens=usage.input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
        requests=1,
    )
