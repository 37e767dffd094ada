"""What earlier turns of a conversation reported bounds their part of the next.

Where the next sends all of them again (`bound.prefix`), only near a limit: the hashing takes a millisecond
for each hundred kilobytes, so it is done only where a hold is a large part of what is left, or does not fit.
Where it points at the answer before (`bound.continued`), always: else it holds a whole context window.
"""

from collections.abc import Callable, Sequence

from tollway.bound import continued
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
        dialect, known = call.endpoint.dialect, self._conversations.get
        found = tightened(dialect, bound, call.parsed, chain, known, capacity)
        found = continued.continued(dialect, found, call.parsed, known, capacity, *facts_of(candidate))
        return found if found is not bound else None

    def learner(
        self, candidate: Candidate, beta: str, near: bool = True
    ) -> Callable[[CallRecord], None] | None:
        """Takes the call's row once it is done; None: there is nothing to learn from it.

        `near`: a limit is.
        """
        chain = chain_of(candidate, beta) if near else ()
        answered = self._answered(candidate)
        if not chain and answered is None:
            return None

        def learn(record: CallRecord) -> None:
            used, cost = record.usage, record.cost
            reported = cost.source in (Source.COMPUTED, Source.PROVIDER) and AT_BOUND not in cost.flags
            if not reported or used.input_tokens is None:
                return
            if chain:
                self._conversations.remember(chain[-1], used.input_tokens)
            if answered is not None and record.response_id is not None and used.output_tokens is not None:
                left = continued.left(used.input_tokens, used.output_tokens)
                self._conversations.remember(answered(record.response_id), left)

        return learn

    def _answered(self, candidate: Candidate) -> Callable[[str], bytes] | None:
        """The mark of the call's answer, by the id that it will have; None: it tells nothing."""
        call, body = candidate.call, candidate.call.parsed
        if body is None or not isinstance(candidate.bound, Bound):
            return None
        facts, dialect = facts_of(candidate), call.endpoint.dialect
        if not continued.is_told(dialect, candidate.bound, body, self._conversations.get, *facts):
            return None
        thoughts = {"reasoning": body.get("reasoning")}  # not the body: it is large
        return lambda id: continued.mark(id, thoughts, *facts)


def facts_of(candidate: Candidate) -> tuple[str, str]:
    """Whose tokens a report is in."""
    return candidate.call.endpoint.provider, candidate.row.model or ""


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
