"""When calls take their routes: at once, or where that would lose too much of a prompt cache, later."""

from collections.abc import Callable, Iterator, Sequence

from tollway.budget.bucket import Balance, Enforce
from tollway.candidate import Candidate
from tollway.model import CallRecord
from tollway.policy.limit import Route
from tollway.rerouting import NOTHING, Request, Rerouting
from tollway.standing import StandingRoutes, sent_by
from tollway.staying import Stay, Staying, Waits, is_small

Asking = Callable[[], Request]
"""Reads a request, which most calls that fit need not have done."""
Learner = Callable[[CallRecord], None]
Sent = tuple[Candidate, tuple[str, ...]]
"""A call where it is sent, and what was done for that."""


class Switching:
    """Under one policy."""

    def __init__(self, always: StandingRoutes, rerouting: Rerouting, staying: Staying) -> None:
        self._always = always
        self._rerouting = rerouting
        self._staying = staying

    def sent(self, first: Candidate, request: Asking, balances: Sequence[Balance] = ()) -> Sent:
        """The call where `always` sends it by now; as it is if it does not. `balances`: of its buckets.

        Where a route sent earlier turns of its conversation, there it stays if to go back loses more.
        """
        names = tuple(self._always.names(first))
        stay = self._stay(first, names, request)
        sent, done = self._standing(first, names, request, stay, balances)
        back = sent.target == first.target
        if back and stay is not None and (waits := stay.waits(first)) is not None:
            return waits.here, (*done, f"stays where a route sent it: {waits}")
        return sent, done

    def insisted(
        self, first: Candidate, whole: Candidate, request: Asking, balances: Sequence[Balance] = ()
    ) -> Sent | None:
        """The call where `always` sends it whatever it loses; None: it is there."""
        names = tuple(self._always.names(first))
        sent, done = self._standing(first, names, request, None, balances)
        if sent.target == whole.target:
            return None
        return sent, (*done, "goes back") if sent.target == first.target else done

    def softly(
        self,
        first: Candidate,
        whole: Candidate,
        name: str,
        tried: frozenset[str],
        request: Asking,
        balances: Sequence[Balance] = (),
    ) -> Candidate | Waits | str:
        """The call where a limit's route sends it by now.

        It loses nothing if its cache is elsewhere than where it is.
        """
        stay = self._staying.stay(first, lambda at: whole if at == whole.target else None)
        found = self._rerouting.moved_from(stay, first, whole, name, tried, request(), balances)
        return NOTHING.format(whole.target) if found is None else found

    def learner(self, first: Candidate, sent: Candidate) -> Learner | None:
        """What learns from a call's end where its conversation has its cache; None: that can't matter.

        It may if a rule means the call, of a route that moves calls without a hard limit being hit. `sent`:
        where `always` sent it.
        """
        asked = first.call.marks is not None
        if asked or any(self._rerouting.is_about(name, sent.row) for name in soft_routes(sent)):
            return self._staying.learner(first)
        return None

    def _standing(
        self,
        first: Candidate,
        names: Sequence[str],
        request: Asking,
        stay: Stay | None,
        balances: Sequence[Balance],
    ) -> Sent:
        def move(name: str) -> Candidate | Waits | str | None:
            return self._rerouting.moved_from(stay, first, first, name, frozenset(), request(), balances)

        return sent_by(names, first, move)

    def _stay(self, first: Candidate, names: Sequence[str], request: Asking) -> Stay | None:
        """Where the conversation has its cache, if a rule of these routes means its model."""
        if is_small(first):
            return None
        about = [name for name in names if self._rerouting.is_about(name, first.row)]
        if not about:
            return None
        return self._staying.stay(first, lambda at: self._rerouting.kept(first, about, at, request()))


def soft_routes(call: Candidate) -> Iterator[str]:
    """Those that a call's limits have for when no hard limit refuses it: of levels, and of soft limits."""
    for limit in call.limits:
        if limit.enforce is not Enforce.SHADOW:
            yield from (level.route for level in limit.at)
        if limit.enforce is Enforce.SOFT:
            yield from (action.name for action in limit.then if isinstance(action, Route))
