"""What a call holds in limits, and what it comes to, where it is."""

from typing import NamedTuple

from tollway.backtest.attempt import Attempt
from tollway.backtest.quantities import Quantities, quantities


class Load(NamedTuple):
    """In each unit."""

    holds: Quantities
    charges: Quantities
    output_nano: int
    """The part of its cost that its output is."""
    bound: tuple[int, int] | None = None
    """The tokens of input and output that it may come to at most; None: no bound was recorded."""

    @property
    def nano(self) -> int:
        """What it costs."""
        return self.charges[0]


def load(attempt: Attempt, is_cached: bool) -> Load:
    """Of a call as it was recorded. `is_cached`: the policy caches such calls, so that a hit stays one."""
    nano = attempt.cost_nano
    if attempt.is_hit and not is_cached:
        nano = attempt.saved_nano
    tokens = attempt.input_tokens, attempt.output_tokens
    charges = quantities(nano, *tokens, attempt.counts)
    if attempt.bound_nano is None:
        return Load(quantities(nano, *tokens, 1), charges, attempt.output_nano)
    return _bounded(attempt, charges)


def refused_load(attempt: Attempt) -> Load:
    """Of a call that was refused then: nobody knows what it would have come to. It wants something at least,
    so that it does not fit where nothing is left."""
    bare = attempt._replace(cost_nano=0, output_nano=0, saved_nano=0, counts=0)
    found = load(bare, is_cached=True)
    nano, tokens, into, out, _ = found.holds
    least = (max(nano, 1), max(tokens, 1), max(into, 1), max(out, 1), 1)
    return found._replace(holds=least, charges=(0, 0, 0, 0, 0))


def _bounded(attempt: Attempt, charges: Quantities) -> Load:
    """What a bound says nothing of, as it was not asked for, is held at what it came to."""
    nano = attempt.bound_nano or charges[0]
    bound = (
        attempt.bound_input_tokens or attempt.input_tokens,
        attempt.bound_output_tokens or attempt.output_tokens,
    )
    return Load(quantities(nano, *bound, 1), charges, attempt.output_nano, bound)
