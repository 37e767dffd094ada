"""Near a limit, what earlier turns of a conversation reported bounds their part of the next (`bound.prefix`).

The hashing takes a millisecond for each hundred kilobytes, so it is done only where a hold is a large part of
what is left, or does not fit.
"""

from collections.abc import Callable, Sequence

from tollway.bound.bound import Bound
from tollway.bound.capacity import capacity_of
from tollway.bound.conversations import Conversations
from tollway.bound.prefix import marks, tightened
from tollway.budget.bucket import Balance, Enforce, Want
from tollway.candidate import Candidate
from tollway.charging import AT_BOUND
from tollway.model import CallRecord, Source

NEAR = 8
"""A hold is near its limit if eight like it would not fit."""


class Tightening:
    """Remembers what requests reported. Belongs to one event loop."""

    def __init__(self) -> None:
        self._conversations = Conversations()

    def tighter(self, candidate: Candidate, beta: str) -> Bound | None:
        """A smaller bound of the call's input; None: nothing is known that makes it so.

        `beta`: the request's `anthropic-beta`, which decides with what else the model reads.
        """
        call, bound = candidate.call, candidate.bound
        if not isinstance(bound, Bound) or call.parsed is None:
            return None
        chain = chain_of(candidate, beta)
        capacity = capacity_of(call.endpoint.provider, candidate.row.model)
        found = tightened(call.endpoint.dialect, bound, call.parsed, chain, self._conversations.get, capacity)
        return found if found is not bound else None

    def learner(self, candidate: Candidate, beta: str) -> Callable[[CallRecord], None] | None:
        """Takes the call's row once it is done; None: there is nothing to learn from it."""
        chain = chain_of(candidate, beta)
        if not chain:
            return None

        def learn(record: CallRecord) -> None:
            tokens, cost = record.usage.input_tokens, record.cost
            reported = cost.source in (Source.COMPUTED, Source.PROVIDER) and AT_BOUND not in cost.flags
            if reported and tokens is not None:
                self._conversations.remember(chain[-1], tokens)

        return learn


def chain_of(candidate: Candidate, beta: str) -> tuple[bytes, ...]:
    """The marks of its request: empty if earlier turns can't tell of it."""
    call = candidate.call
    if call.parsed is None or not isinstance(candidate.bound, Bound):
        return ()
    facts = (call.endpoint.provider, candidate.row.model or "", beta)
    return marks(call.endpoint.dialect, call.parsed, *facts)


def is_near(wants: Sequence[Want], balances: Sequence[Balance]) -> bool:
    """Whether a hard limit has no room for many more calls like this one, which it holds by now."""
    return any(
        want.enforce is Enforce.HARD
        and not want.bucket.is_rate
        and want.hold * NEAR > balance.left + want.hold
        for want, balance in zip(wants, balances, strict=True)
    )
