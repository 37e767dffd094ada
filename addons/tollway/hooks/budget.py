"""Step 8: all limits that apply must admit the call; it holds what it may come to before it leaves."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial

from mitmproxy import http
from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.actions import block_by
from tollway.admission import Admission, Admitted, TurnedAway
from tollway.bound.bound import Bound
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.budget.remaining import remaining
from tollway.candidate import Candidate
from tollway.candidates import lacks_price
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.hooks.access import deny
from tollway.hooks.changing import change
from tollway.hooks.headers import plain
from tollway.hooks.over_limit import refusal
from tollway.hooks.record import NOT_WRITTEN
from tollway.hooks.refusal import refuse
from tollway.ledger.fault import LedgerError
from tollway.ledger.store import Budgets
from tollway.lowering import lowered, lowers
from tollway.model import BATCH, RETRIEVE, CallRecord, Kind, Ruling, Usage
from tollway.rerouting import Request
from tollway.switching import Asking
from tollway.tightening import is_near
from tollway.waiting import Line, Place
from tollway.ways import at_its_place
from tollway.wire.over_limit import Refusal

logger = logging.getLogger(__name__)

UNKNOWN = "nothing here reads this call, so the limit {} can't hold it (faults: unknown_call)"
BATCHES = "the limit {} takes no batches unless the policy allows them (faults: batch)"
UNREADABLE = "the body is not what this path takes, so the limit {} can't hold it (faults: unknown_call)"


GONE = Refusal(status=499, message="the client left while its call waited", code="abandoned")


class Budget:
    """Holds the call in every bucket, or does what the limit that refuses it says is to be done."""

    def __init__(
        self,
        governing: Governing,
        ledger: Budgets,
        holds: Holds,
        line: Line,
        clock: Callable[[], float],
        refused: Callable[[Balance], None] = lambda balance: None,
        turned_away: Callable[[str], None] = lambda limit: None,
        unpriced: Callable[[CallRecord], None] = lambda row: None,
    ) -> None:
        """`refused` hears of each bucket that had no room for a call which is therefore refused;
        `turned_away` hears the name of each limit that refuses a call, for whatever reason; `unpriced` hears
        of each call that is refused since no price of its model is known."""
        self._unpriced = unpriced
        self._refused = refused
        self._turned_away = turned_away
        self.governing = governing
        self.ledger = ledger
        self._holds = holds
        self.line = line
        """Who waits."""
        self._clock = clock

    def requestheaders(self, flow: HTTPFlow) -> None:
        """What nothing reads is refused under hard limits before any of its body leaves."""
        known = exchange.of(flow)
        if flow.response or known is None or known.endpoint.kind is not Kind.UNKNOWN:
            return
        candidate, faults = self.governing.candidates.of(known), self.governing.faults
        name = hard(candidate) if candidate is not None else None
        if candidate is None or name is None:
            return
        if known.endpoint.operation != BATCH:
            if faults.unknown_call == "refuse":
                self._refuse_by(name, flow, known, candidate, 403, UNKNOWN.format(name), "unknown_call")
        elif faults.batch == "refuse":
            self._refuse_by(name, flow, known, candidate, 403, BATCHES.format(name), "batch")

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if flow.response or known is None:
            return None
        if known.endpoint.kind is not Kind.INFERENCE and not known.hands_in:
            return None
        if not self.governing.decides(known):
            return None
        candidate = self.governing.candidates.any(known)
        if known.played is not None or known.hands_in:
            return self._admit_in_place(flow, known, candidate) if candidate.limits else None
        if not candidate.limits and not self.governing.always and known.wish is None:
            return None
        if known.endpoint.operation == RETRIEVE:  # what it shows was held when it was asked for
            held = Amounts() if hard(candidate) is not None else None
            known.ruling = Ruling(limits=candidate.row.limits, bound=held)
            return None
        refuses = known.asked is None and self.governing.faults.unknown_call == "refuse"
        if refuses and (name := hard(candidate)) is not None:
            self._refuse_by(name, flow, known, candidate, 400, UNREADABLE.format(name), "unreadable")
            return None
        if (why := self.governing.wish_refused(candidate)) is not None:
            known.recorded = True
            known.ruling = Ruling(limits=candidate.row.limits)
            refuse(flow, 400, why, "route_not_allowed")
            return None
        if self.governing.has_to_look(candidate):
            return self._look(flow, known, candidate)
        return self._go_on(flow, known, candidate)

    def _admit_in_place(self, flow: HTTPFlow, known: Exchange, candidate: Candidate) -> Awaitable[None]:
        """No provider is asked, or a batch of which a part is there already: there is nowhere to send it."""
        return self._admit(flow, known, partial(request_of, flow.request), candidate, candidate, (), ())

    async def _look(self, flow: HTTPFlow, known: Exchange, candidate: Candidate) -> None:
        """Before it goes on: by what is left of its limits. What holds is said when it is admitted."""
        try:
            balances = await self.ledger.look(candidate.wants, self._now_us())
        except LedgerError as error:
            self._not_held(flow, known, candidate, error)
            return
        if (more := self._go_on(flow, known, candidate, balances)) is not None:
            await more

    def _go_on(
        self, flow: HTTPFlow, known: Exchange, candidate: Candidate, balances: Sequence[Balance] = ()
    ) -> Awaitable[None] | None:
        request = partial(request_of, flow.request)
        sent, done = self.governing.sent(candidate, request, balances)
        if (learner := self.governing.caching(candidate, sent)) is not None:
            known.learns += (learner,)
        if sent.limits:
            return self._admit(flow, known, request, candidate, sent, done, balances)
        send(flow, known, sent, done)
        return None

    async def _admit(
        self,
        flow: HTTPFlow,
        known: Exchange,
        request: Asking,
        first: Candidate,
        candidate: Candidate,
        done: Sequence[str],
        balances: Sequence[Balance],
    ) -> None:
        rules = self.governing.access
        try:
            outcome = await self.admitted(known, request, first, candidate, done, balances)
        except LedgerError as error:
            self._not_held(flow, known, candidate, error, done)
            return
        if isinstance(outcome, Admitted):
            self.let_pass(flow, known, request, outcome)
            if self.governing.access is not rules:
                deny(flow, known, self.governing)  # it waited, and the rules are others by now
        else:
            self._turn_away(flow, known, outcome)

    async def admitted(
        self,
        caller: Exchange,
        request: Asking,
        first: Candidate,
        candidate: Candidate,
        done: Sequence[str],
        balances: Sequence[Balance] = (),
        failed_at: Collection[str] = (),
        moves: bool = True,
    ) -> Admitted | TurnedAway:
        """How a call fares with its limits. Raises LedgerError.

        `caller`: who is told if the client leaves; `first`: the call as the client sent it; `candidate`:
        where it is now, by what was `done`; `balances`: by which, if they were looked at; `failed_at`:
        targets where it failed; `moves`: a route may send it elsewhere.
        """

        def waits(place: Place) -> None:
            caller.when_it_leaves(lambda: self.line.send_away(place))

        ways = self.governing.ways(first, request, self._now_us, balances)
        ways = ways if moves else at_its_place(ways)
        tried = {first.target, *failed_at} if candidate is not first else ()
        try:
            return await Admission(self.ledger, self.line, ways, self._now_us, waits, done, tried).run(
                candidate
            )
        finally:
            caller.on_leave = None

    def let_pass(self, flow: HTTPFlow, known: Exchange, request: Asking, admitted: Admitted) -> None:
        """Send an admitted call where it is to go. Its row is open by now, whatever fails from here on."""
        self.note(known, request, admitted)
        change(flow, known, admitted.candidate)
        known.admitted = True

    def note(self, known: Exchange, request: Asking, admitted: Admitted) -> None:
        """What limits made of a call that they admit."""
        candidate = admitted.candidate
        known.recorded = True
        known.started_us = candidate.row.started_us
        known.ruling = Ruling(
            limits=candidate.row.limits,
            bound=candidate.row.bound,
            actions=admitted.actions,
            asked=candidate.call.ruling.asked,
        )
        known.remaining = remaining(admitted.balances, [want.hold for want in candidate.wants])
        if isinstance(candidate.bound, Bound) and candidate.row.bound is not None:
            known.shape = candidate.bound.shape
        near = is_near(candidate.wants, admitted.balances)
        if (learner := self.governing.learner(candidate, request, near)) is not None:
            known.learns += (learner,)
        if lowers(candidate):
            known.lowers = lambda told: self._lower(known, candidate, told)

    def _lower(self, known: Exchange, candidate: Candidate, told: Usage) -> None:
        less = lowered(candidate, told)
        if less is not None:
            known.ruling = known.ruling.bounded(less)
            self._holds.lower(known.id, less)

    def _turn_away(self, flow: HTTPFlow, known: Exchange, turned: TurnedAway) -> None:
        said = self.turned_away(known, turned)
        refuse(flow, said.status, said.message, said.code, said.retry_after, said.headers)

    def turned_away(self, known: Exchange, turned: TurnedAway) -> Refusal:
        """What is said to a call that limits turned away. The refusal is a row, too."""
        row = turned.candidate.row
        known.recorded = True
        known.ruling = Ruling(limits=row.limits, bound=row.bound, actions=turned.actions)
        if turned.gone:
            known.abandoned = True
            return GONE
        self._turned_away(turned.limit.name)
        if turned.balance is not None and not turned.limit.is_rate:
            self._refused(turned.balance)
        if lacks_price(row, turned.reason):
            self._unpriced(row)
        return refusal(known, turned, self.governing.zone, self._now_us())

    def _refuse_by(
        self,
        name: str,
        flow: HTTPFlow,
        known: Exchange,
        candidate: Candidate,
        status: int,
        message: str,
        code: str,
    ) -> None:
        """A limit of this name refuses what nothing can hold."""
        known.recorded = True
        known.ruling = Ruling(limits=candidate.row.limits, actions=(block_by(name),))
        refuse(flow, status, message, code)
        self._turned_away(name)

    def _not_held(
        self,
        flow: HTTPFlow,
        known: Exchange,
        candidate: Candidate,
        error: LedgerError,
        done: Sequence[str] = (),
    ) -> None:
        """The ledger can't hold it: as each of its limits says where it goes, or else `faults`."""
        known.admitted = self.passes_unheld(known, candidate, error)
        if known.admitted:
            send(flow, known, candidate, tuple(done))
        else:
            refuse(flow, 503, NOT_WRITTEN.format(error), "ledger_down")

    def passes_unheld(self, known: Exchange, candidate: Candidate, error: LedgerError) -> bool:
        """Whether a call goes on which the ledger did not take."""
        logger.error("the ledger did not take call %s: %s", known.id, error)
        general = self.governing.faults.store_down
        return all((limit.store_down or general) == "open" for limit in candidate.limits)

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)


def send(flow: HTTPFlow, known: Exchange, candidate: Candidate, done: tuple[str, ...]) -> None:
    """Send a call, which no limit holds, where it was moved to."""
    known.ruling = Ruling(actions=(*done, *candidate.changes), asked=candidate.call.ruling.asked)
    change(flow, known, candidate)


def hard(candidate: Candidate) -> str | None:
    """The name of the first hard limit that applies to a call."""
    return next((limit.name for limit in candidate.limits if limit.is_hard), None)


def request_of(request: http.Request) -> Request:
    """A request, as far as a route has to know it."""
    return Request(
        method=request.method, port=request.port, path=request.path, headers=plain(request.headers)
    )
