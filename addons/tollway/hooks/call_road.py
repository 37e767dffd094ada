"""The road of a call that has no request of its own: the same steps as one over HTTP, in the same order."""

from typing import NamedTuple

from tollway.admission import TurnedAway
from tollway.candidate import Candidate
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.guardrails.rule import Do
from tollway.guardrails.spot import Searched
from tollway.guardrails.verdict import verdict
from tollway.hooks.budget import Budget
from tollway.hooks.guard import rules_for
from tollway.hooks.identify import NO_KEYS, NOT_ACCEPTED_ANY_MORE, is_down
from tollway.hooks.record import NOT_WRITTEN, Record
from tollway.hooks.refusal import note
from tollway.identity.judge import Known, Missing
from tollway.ledger.fault import LedgerError
from tollway.switching import Asking
from tollway.wire.blocked import CODE, blocked


class Stop(NamedTuple):
    """Why a call is not to be. `status`: the one that HTTP would have."""

    status: int
    message: str
    code: str
    closes: bool = False
    """Nor is any other on its socket."""


class CallRoad:
    """Guard, access, limits, record."""

    def __init__(self, governing: Governing, budget: Budget, record: Record) -> None:
        self._governing = governing
        self._budget = budget
        self._record = record

    def is_guarded(self, call: Exchange) -> bool:
        """Whether what a call says is looked through."""
        screening = self._governing.screening
        return screening is not None and any(rule.request for rule in rules_for(call, screening))

    async def looked_through(self, call: Exchange, text: bytes) -> Stop | None:
        """Why what it says is not to leave; None: it may. It is never changed, so what would be taken out of
        a request over HTTP blocks it."""
        screening = self._governing.screening
        if screening is None:
            return None
        rules = [rule for rule in rules_for(call, screening) if rule.request]
        found = screening.search(text)
        said = verdict(await found if not isinstance(found, Searched) else found, rules, False)
        call.findings += said.findings
        return Stop(400, blocked(said, False), CODE) if said.do is Do.BLOCK else None

    async def admitted(self, call: Exchange, request: Asking) -> Candidate | Stop:
        """The call as it is admitted, which its row is open for by then; or why it is not.

        `request`: the one that opened its socket.
        """
        if (stop := await self._unknown(call) or self._denied(call)) is not None:
            return stop
        candidate = self._governing.candidates.any(call)
        if not candidate.limits:
            return await self._recorded(call) or candidate
        rules = self._governing.access
        try:
            outcome = await self._budget.admitted(
                call, request, candidate, candidate, call.ruling.actions, moves=False
            )
        except LedgerError as error:
            if self._budget.passes_unheld(call, candidate, error):
                return candidate
            return Stop(503, NOT_WRITTEN.format(error), "ledger_down")
        if isinstance(outcome, TurnedAway):
            said = self._budget.turned_away(call, outcome)
            return Stop(said.status, said.message, said.code)
        self._budget.note(call, request, outcome)
        denied = self._denied(call) if self._governing.access is not rules else None
        return denied or outcome.candidate

    def refused(self, call: Exchange, stop: Stop) -> None:
        """Have its row say so."""
        call.recorded = True
        note(call, stop.code)

    async def _unknown(self, call: Exchange) -> Stop | None:
        """Its caller is asked for again: a token may have expired since its socket was opened, or a key been
        taken back."""
        callers = self._governing.callers
        if call.shows is None:
            return None
        answer = callers.who(call.shows)
        if isinstance(answer, Missing):
            answer = await callers.who_now(call.shows, answer)
        if isinstance(answer, Known) and (answer.identity.verified or not callers.refuses):
            call.identity = answer.identity
            return None
        if answer is None and not callers.refuses:
            return None
        if is_down(answer):
            return Stop(503, NO_KEYS, "identity_unknown")
        return Stop(401, NOT_ACCEPTED_ANY_MORE, "unauthenticated", closes=True)

    def _denied(self, call: Exchange) -> Stop | None:
        denial = self._governing.denial(call)
        return None if denial is None else Stop(denial.status, f"Tollway: {denial.message}", denial.code)

    async def _recorded(self, call: Exchange) -> Stop | None:
        whys: list[str] = []
        await self._record.decided(call, whys.append)
        return Stop(503, whys[0], "ledger_down") if whys else None
