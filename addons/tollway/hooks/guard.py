"""Step 4: what is not to leave is found before it does: blocked, taken out, or flagged."""

from collections.abc import Awaitable, Sequence
from functools import partial

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.guardrails.answering import Guards
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Searched
from tollway.guardrails.verdict import Verdict, verdict
from tollway.hooks.redacting import redact, scope
from tollway.hooks.refusal import refuse
from tollway.model import Billing, Cost, Kind, Report
from tollway.rows import row
from tollway.screening import AT_ONCE, Screening
from tollway.wire.blocked import CODE, blocked

NO_REPORT, NO_COST = Report(), Cost()


class Guard:
    """Asks the guardrails of the policy in force about a request's texts."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        screening, known = self._governing.screening, exchange.of(flow)
        if screening is None or flow.response or known is None or known.endpoint.kind is not Kind.INFERENCE:
            return None
        every = rules_for(known, screening)
        known.guards = guards(known, [rule for rule in every if rule.response], screening)
        rules = [rule for rule in every if rule.request]
        body = flow.request.raw_content if known.body is None else known.body
        if not rules or not body:
            return None
        looked = screening.look(body)
        if sum([len(piece.content) for piece in looked.new]) > AT_ONCE:
            return self._later(flow, known, rules, screening, screening.search_apart(looked))
        judge(flow, known, rules, screening, screening.search(looked))
        return None

    async def _later(
        self,
        flow: HTTPFlow,
        known: Exchange,
        rules: Sequence[Rule],
        screening: Screening,
        search: Awaitable[Searched],
    ) -> None:
        judge(flow, known, rules, screening, await search)


def rules_for(known: Exchange, screening: Screening) -> Sequence[Rule]:
    """The guardrails that are about a call."""
    return screening.guarding.about(row(known, "open", NO_REPORT, NO_COST, None, None, None))


def guards(known: Exchange, rules: Sequence[Rule], screening: Screening) -> Guards | None:
    """What its answer is to pass; None: nothing."""
    if not rules:
        return None
    mask = partial(placeholder, screening.key, scope(known))
    return Guards(rules, screening.detectors, screening.guarding.know, mask)


def judge(
    flow: HTTPFlow, known: Exchange, rules: Sequence[Rule], screening: Screening, found: Searched
) -> None:
    """Do with a request what the guardrails say of what was found in it. A body whose coding nothing here
    reads is searched as it is, and counts as one that was not."""
    if known.body is None:
        found = Searched(found.spots, found.unread + 1)
    may_change = known.body is not None and not known.signed and known.billing is Billing.METERED
    said = verdict(found, rules, may_change)
    known.findings = said.findings
    if said.do is Do.BLOCK:
        _refuse(flow, known, said, may_change)
    elif said.redact:
        redact(flow, known, said, screening.key)


def _refuse(flow: HTTPFlow, known: Exchange, said: Verdict, may_change: bool) -> None:
    known.recorded = True
    refuse(flow, 400, blocked(said, may_change), CODE)
