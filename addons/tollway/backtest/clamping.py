"""Calls with a smaller answer: as many tokens as are left, as a clamp would write them into the request."""

from collections.abc import Sequence
from functools import lru_cache

from tollway.backtest.attempt import Attempt
from tollway.backtest.here import Here
from tollway.backtest.load import Load
from tollway.backtest.pricing import Pricing
from tollway.backtest.quantities import quantities
from tollway.bound.bound import Bound
from tollway.bound.capacity import capacity_of
from tollway.budget.bucket import Balance
from tollway.budget.room import output_within
from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.prices.ceiling import Ceiling
from tollway.routing.resolve import Target
from tollway.wire.output_fields import ANSWERS
from tollway.wire.output_floor import floor


def clamped(attempt: Attempt, here: Here, balances: Sequence[Balance], pricing: Pricing) -> Load | None:
    """The largest that fits in all these buckets; None: it may not be made so small.

    An answer that was longer than what is left would have been cut: it costs as much less.
    """
    if not may_clamp(attempt, here):
        return None
    bound, ceiling = _bound(attempt, here.load), _ceiling(attempt, here, pricing)

    def within(left: int) -> int:
        if ceiling is not None:
            return ceiling.output_within(left, bound.usage)
        return _within(attempt, here.load, left)

    room = output_within(balances, bound, within)
    fits = _floor(attempt, here) <= room < (bound.max_output or 0)
    return _cut(attempt, here, room, pricing) if fits else None


def least(attempt: Attempt, here: Here, pricing: Pricing) -> Load:
    """The smallest that a clamp may make of it."""
    lowest = _floor(attempt, here)
    if not may_clamp(attempt, here) or lowest >= (_bound(attempt, here.load).max_output or 0):
        return here.load
    return _cut(attempt, here, lowest, pricing)


def may_clamp(attempt: Attempt, here: Here) -> bool:
    """Whether an output maximum may be written into it, as far as a row tells."""
    if attempt.operation not in ANSWERS or not _bound(attempt, here.load).max_output:
        return False
    return attempt.is_metered and not (attempt.is_hit and here.kind.is_cached)


def unclamped(attempt: Attempt, said: str) -> tuple[int, int] | None:
    """The tokens of input and output that a call may have come to before it was clamped then. `said`: to what
    it was; None: nobody knows."""
    if not said.isdigit() or attempt.bound_output_tokens is None or attempt.bound_input_tokens is None:
        return None
    answers = attempt.bound_output_tokens // int(said)
    model = capacity_of(attempt.provider, attempt.model).max_output
    known = [each for each in (attempt.max_output_tokens, model) if each is not None]
    return (attempt.bound_input_tokens, min(known) * answers) if known else None


def _bound(attempt: Attempt, load: Load) -> Bound:
    """Its bound, if one was recorded; else what it used, as if it had been allowed no more."""
    input_tokens, output_tokens = load.bound or (attempt.input_tokens, attempt.output_tokens)
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    return Bound(usage=usage, max_output=output_tokens)


def _ceiling(attempt: Attempt, here: Here, pricing: Pricing) -> Ceiling | None:
    return pricing.ceiling(attempt, here.target) if here.load.bound is not None else None


def _within(attempt: Attempt, load: Load, left: int) -> int:
    """The most output tokens that fit into so much, by what its own cost."""
    rest = left - (load.nano - load.output_nano)
    if rest < 0:
        return 0
    return rest * attempt.output_tokens // load.output_nano if load.output_nano else attempt.output_tokens


def _floor(attempt: Attempt, here: Here) -> int:
    """What a clamp leaves for an answer at the least, of a request of which no more is known."""
    own = [limit.floor for limit in here.kind.limits if limit.floor is not None]
    return _lowest(here.target, attempt.operation, max(own) if own else None)


@lru_cache(4096)
def _lowest(target: Target, operation: str, own: int | None) -> int:
    """The same, by what it depends on; its model is looked for in long lists."""
    endpoint = Endpoint(kind=Kind.INFERENCE, provider=target.provider, host="", operation=operation)
    return floor(endpoint, Asked(model=target.model), {}, own)


def _cut(attempt: Attempt, here: Here, room: int, pricing: Pricing) -> Load:
    """The load of a call whose answer may have so many tokens."""
    load, wrote, input_tokens = here.load, attempt.output_tokens, attempt.input_tokens
    written = min(wrote, room)
    output_nano = -(-load.output_nano * written // wrote) if wrote else load.output_nano
    nano = load.nano - load.output_nano + output_nano
    requests = load.charges[-1]
    counted = written if any(load.charges) else 0
    charges = quantities(nano, input_tokens if any(load.charges) else 0, counted, requests)
    if load.bound is None:
        return Load(quantities(nano, input_tokens, written, 1), charges, output_nano)
    smaller = load._replace(charges=charges, output_nano=output_nano)
    return pricing.bounded(attempt, here.target, smaller, (load.bound[0], room))
