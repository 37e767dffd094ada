"""Step 4: what is not to leave is found before it does: blocked, taken out, or flagged."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from mitmproxy.http import HTTPFlow
from msgspec import Struct

from tollway import exchange
from tollway.apart import apart
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.guardrails.answering import Guards
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.spot import Searched
from tollway.guardrails.verdict import Verdict, verdict
from tollway.hooks.redacting import Taken, redact, scope, taken
from tollway.hooks.refusal import refuse
from tollway.hooks.unmetered import has_texts, unmetered
from tollway.model import BATCH, Billing, Cost, Kind, Report
from tollway.rows import row
from tollway.screening import Screening
from tollway.wire.blocked import CODE, blocked, unread
from tollway.wire.looked_into import looked_into

NO_REPORT, NO_COST = Report(), Cost()
MANY = 100
"""Findings: what is done with more of them is worked out beside the event loop, at 50 us each."""


class Judged(Struct, frozen=True):
    """What becomes of a request."""

    said: Verdict
    may_change: bool
    made: Taken | None
    """What is taken out of it; None: nothing."""


Judge = Callable[[Searched], Judged]


class Guard:
    """Asks the guardrails of the policy in force about a request's texts. What nothing meters, and says what
    a conversation says, is collected for that: a count of its tokens, a batch."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def requestheaders(self, flow: HTTPFlow) -> None:
        """What nothing reads is refused before any of its body leaves, where something is to stay here."""
        screening, known = self._governing.screening, exchange.of(flow)
        if screening is None or flow.response or known is None or known.endpoint.kind is Kind.INFERENCE:
            return
        if not any(rule.request for rule in screening.guarding.rules):
            return
        if has_texts(known.endpoint, flow.request):
            flow.request.stream = False
        elif known.endpoint.kind is Kind.UNKNOWN:
            self._refuse_unread(flow, known, screening)

    def _refuse_unread(self, flow: HTTPFlow, known: Exchange, screening: Screening) -> None:
        rule = next(filter(keeps_back, rules_for(known, screening)), None)
        faults, is_batch = self._governing.faults, known.endpoint.operation == BATCH
        if rule is not None and (faults.batch if is_batch else faults.unknown_call) == "refuse":
            known.recorded = True
            refuse(flow, 403, unread(rule.name, is_batch), BATCH if is_batch else "unknown_call")

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        screening, known = self._governing.screening, exchange.of(flow)
        if screening is None or flow.response or known is None:
            return None
        if known.endpoint.kind is not Kind.INFERENCE:
            if not has_texts(known.endpoint, flow.request):
                return None
            unmetered(flow, known)
        every = rules_for(known, screening)
        known.guards = guards(known, [rule for rule in every if rule.response], screening)
        rules = [rule for rule in every if rule.request]
        body = flow.request.raw_content if known.body is None else known.body
        if not rules or not body:
            return None
        text, files = looked_into(body, known.media_type)
        judge = partial(judged, known, rules, screening, text is body, files + (known.body is None))
        found = screening.search(text)
        if not isinstance(found, Searched):
            return later(flow, known, found, judge)
        if len(found.spots) > MANY:
            return beside(flow, known, found, judge)
        act(flow, known, judge(found))
        return None


async def later(flow: HTTPFlow, known: Exchange, search: Awaitable[Searched], judge: Judge) -> None:
    """The same, once it is found."""
    await beside(flow, known, await search, judge)


async def beside(flow: HTTPFlow, known: Exchange, found: Searched, judge: Judge) -> None:
    """The same where it takes long: the event loop goes on."""
    act(flow, known, await apart(partial(judge, found)))


def keeps_back(rule: Rule) -> bool:
    """Whether it has anything taken out of requests, or refused."""
    return rule.request and not rule.shadow and max(rule.certain, rule.generic) > Do.FLAG


def rules_for(known: Exchange, screening: Screening) -> Sequence[Rule]:
    """The guardrails that are about a call."""
    return screening.guarding.about(row(known, "open", NO_REPORT, NO_COST, None, None, None))


def guards(known: Exchange, rules: Sequence[Rule], screening: Screening) -> Guards | None:
    """What its answer is to pass; None: nothing."""
    if not rules:
        return None
    mask = partial(placeholder, screening.key, scope(known))
    return Guards(rules, screening.detectors, screening.guarding.know, mask)


def judged(
    known: Exchange,
    rules: Sequence[Rule],
    screening: Screening,
    is_whole: bool,
    files: int,
    found: Searched,
) -> Judged:
    """What the guardrails say of what was found in a request.

    `is_whole`: all of its body was looked through; `files`: what was not. A body whose coding nothing here
    reads is looked through as it is, and counts as one that was not.
    """
    decoded = known.body is not None and is_whole
    may_change = decoded and not known.signed and known.billing is Billing.METERED
    said = verdict(Searched(found.spots, found.unread + files), rules, may_change)
    redacts = said.redact and said.do is not Do.BLOCK
    return Judged(said, may_change, taken(known, said, screening.key) if redacts else None)


def act(flow: HTTPFlow, known: Exchange, one: Judged) -> None:
    """Do with a request what is said of it. A free call in which something was found is in the ledger."""
    known.findings = one.said.findings
    known.recorded = known.recorded or bool(known.findings and known.endpoint.kind is Kind.PASS)
    if one.said.do is Do.BLOCK:
        _refuse(flow, known, one.said, one.may_change)
    elif one.made is not None:
        redact(flow, known, one.said, one.made)


def _refuse(flow: HTTPFlow, known: Exchange, said: Verdict, may_change: bool) -> None:
    known.recorded = True
    refuse(flow, 400, blocked(said, may_change), CODE)
