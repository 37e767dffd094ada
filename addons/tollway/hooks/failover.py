"""Step 11: a target failed before anything of its answer was passed on, so the route's next one is asked.

Each attempt is a call of its own: with its own row in the ledger, held by its own limits, under the access
rules and the key of where it goes. It begins with the request as the client sent it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from mitmproxy.http import HTTPFlow
from msgspec.structs import replace

from tollway import exchange
from tollway.admission import Admitted, TurnedAway
from tollway.budget.amounts import Amounts
from tollway.exchange import Exchange, begun_anew
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.hooks.access import deny
from tollway.hooks.budget import Budget, request_of, send
from tollway.hooks.drain import Drain
from tollway.hooks.recognise import call_id
from tollway.hooks.settle import Settle
from tollway.ledger.fault import LedgerError
from tollway.rerouting import Request
from tollway.routing.failing import Failure
from tollway.routing.tries import Tries
from tollway.wire.request_body import parsed

MICRO = 1_000_000
NOTHING = Amounts(requests=1)
"""What a call holds that costs nothing: it is a request all the same."""
LEDGER = "the ledger did not take it"
OVER = "{} has no room for it"
GONE = "the client left"
LATE = "timeout"


class Step(Protocol):
    """A step that each attempt passes."""

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        """As of a request of a client."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that is admitted, and has not begun."""

    call: Exchange
    request: Callable[[], Request]
    admitted: Admitted


class Failover:
    """Asks the target again, or the next one, as long as the route says so."""

    def __init__(
        self,
        governing: Governing,
        budget: Budget,
        holds: Holds,
        settle: Settle,
        drain: Drain,
        steps: Sequence[Step],
        clock: Callable[[], float],
        draw: Callable[[int], int] = random.randrange,
    ) -> None:
        """`steps`: those that each attempt passes once its limits admit it; `draw`: a number from 0 to below
        the one that it is given."""
        self._governing = governing
        self._budget = budget
        self._holds = holds
        self._settle = settle
        self._drain = drain
        self._steps = steps
        self._clock = clock
        self._draw = draw

    def request(self, flow: HTTPFlow) -> None:
        """A call goes to a target of a route: after a rest of that, it may be the only one."""
        known = exchange.of(flow)
        if flow.response is None and known is not None and known.tries is not None:
            tries = known.tries
            self._governing.breakers.asked(str(tries.here), known.credential, tries.failing.tripping)

    def responseheaders(self, flow: HTTPFlow) -> None:
        """What is passed on may be a failure, too, where nothing is left to be tried."""
        known = exchange.of(flow)
        if known is None or known.tries is None or known.refused or flow.response is None:
            return
        if known.failure is not None:
            return  # it is known already
        failure = Failure(status=flow.response.status_code)
        if known.tries.failing.means(failure):
            self._failed(known, known.tries, failure)
        else:
            self._governing.breakers.answered(str(known.tries.here), known.credential)

    def error(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is None or known.tries is None or known.failure is not None:
            return
        if known.status is None and not known.abandoned:
            self._failed(known, known.tries, Failure())
            known.route = " -> ".join(known.tries.failed(Failure()))

    async def http_failover(self, flow: HTTPFlow) -> None:
        """Begin another attempt, if the client is still there, and one is admitted."""
        known = exchange.of(flow)
        assert known is not None
        assert known.tries is not None
        assert known.failure is not None
        tries, failure = known.tries, known.failure
        self._failed(known, tries, failure)
        known.status = failure.status  # whatever comes of the client
        if known.ruling.limits:
            self._free(known, failure)
        step, why = await self._next(known, tries, failure), str(failure)
        while step is not None:
            found = await self._admitted(known, step)
            if not isinstance(found, str):
                await self._begin(flow, known, failure, found)
                return
            tries, why = step, found
            step = step.next(why)
        known.route = " -> ".join(tries.failed(why))

    def _free(self, known: Exchange, failure: Failure) -> None:
        """Hold nothing for what failed while others are tried, if it costs nothing; it is open no more in any
        case. If it is charged after all, since its error is passed on and reports a usage, that is more than
        its bound, and is told as such."""
        if failure.is_free and known.ruling.bound is not None:
            known.ruling = known.ruling.bounded(NOTHING)
        self._holds.lower(known.id, NOTHING if failure.is_free else None, closed=True)

    async def _next(self, known: Exchange, tries: Tries, failure: Failure) -> Tries | None:
        """What is to be tried next: the same target after a pause, else another."""
        pause_us = tries.pause_us(failure, self._draw(1000))
        if pause_us is None:
            return tries.next(failure)
        await _pause(known, pause_us / MICRO)
        if tries.rest and self._governing.breakers.rest(str(tries.here), known.credential):
            return tries.next(failure)
        return tries.again(failure)

    async def _admitted(self, known: Exchange, step: Tries) -> Attempt | str:
        """The attempt, admitted by all that it meets; a text: why it is not."""
        if known.abandoned or known.origin is None:
            return GONE
        now_us = int(self._clock() * MICRO)
        call = begun_anew(known.origin.known, call_id(now_us), now_us)
        call.parsed, call.origin = parsed(call.body, call.media_type), known.origin
        request = partial(request_of, known.origin.request)
        first = self._governing.candidates.any(call)
        there = self._governing.at(first, step.here, request(), step.set)
        if isinstance(there, str):
            return there
        there = replace(there, tries=step)
        if (learner := self._governing.caching(first, there)) is not None:
            call.learns = (learner,)
        done = (f"route {step.route}", f"after {', '.join(step.told)}")
        if not there.limits:
            return Attempt(call, request, Admitted(candidate=there, balances=(), actions=done))
        try:
            outcome = await self._budget.admitted(
                known, request, first, there, done, failed_at=step.failed_at
            )
        except LedgerError:
            return LEDGER
        if isinstance(outcome, TurnedAway):
            return GONE if outcome.gone else OVER.format(outcome.limit.name)
        if (tries := outcome.candidate.tries) is not None:
            outcome = replace(outcome, candidate=replace(outcome.candidate, tries=tries.after(step)))
        return Attempt(call, request, outcome)

    async def _begin(self, flow: HTTPFlow, known: Exchange, failure: Failure, attempt: Attempt) -> None:
        """Put the attempt in the place of what failed, and settle that.

        It is put there before anything else can fail: by now it may hold something, and what a call holds
        ends with its flow. Then come the steps that follow the limits.
        """
        call, candidate = attempt.call, attempt.admitted.candidate
        assert call.origin is not None
        flow.request = call.origin.request.copy()
        exchange.begin(flow, call)
        self._drain.replaced(flow, known, call)
        try:
            if candidate.limits:
                self._budget.let_pass(flow, call, attempt.request, attempt.admitted)
            else:
                send(flow, call, candidate, attempt.admitted.actions)
        finally:
            known.error = known.error or (LATE if failure.late else None)
            self._settle.attempt(flow, known)
        deny(flow, call, self._governing)  # it waited, and the rules may be others by now
        if candidate.tries is not None:
            call.route = candidate.tries.said(candidate.target)
        for step in (*self._steps, self):
            if (waits := step.request(flow)) is not None:
                await waits

    def _failed(self, known: Exchange, tries: Tries, failure: Failure) -> None:
        tripping = tries.failing.tripping
        self._governing.breakers.failed(str(tries.here), known.credential, tripping, failure)


async def _pause(known: Exchange, seconds: float) -> None:
    """Wait, but for nobody: if the client leaves, that is the end of it."""
    leaves = asyncio.Event()
    known.when_it_leaves(leaves.set)
    try:
        async with asyncio.timeout(seconds):
            await leaves.wait()
    except TimeoutError:
        pass
    finally:
        known.on_leave = None
