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
from tollway.guardrails.verdict import verdict
from tollway.hooks.headers import plain
from tollway.hooks.judging import Judged, Text, act, judge_all
from tollway.hooks.redacting import scope, taken
from tollway.hooks.refusal import refuse
from tollway.hooks.unmetered import is_too_long, may_have_texts, unmetered
from tollway.hooks.upgrade import is_upgrade
from tollway.model import BATCH, Billing, Cost, Kind, Report
from tollway.rows import row
from tollway.screening import Screening
from tollway.wire.blocked import unread
from tollway.wire.looked_into import looked_into
from tollway.wire.query_text import query_text

NO_REPORT, NO_COST = Report(), Cost()
LOOKED_THROUGH = (Kind.INFERENCE, Kind.SOCKET)
"""What is looked through once it is there, a request or a message."""


class Guard:
    """Asks the guardrails of the policy in force about a request's texts. What nothing meters, and says what
    a conversation says, is collected for that: a count of its tokens, a batch."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def requestheaders(self, flow: HTTPFlow) -> Awaitable[None] | None:
        """What nothing reads, such as a WebSocket of an unknown form, is refused before any of its body
        leaves, where something is to stay here. Where the body is not collected, the query is looked
        through."""
        screening, known = self._governing.screening, exchange.of(flow)
        if screening is None or flow.response or known is None or known.endpoint.kind in LOOKED_THROUGH:
            return None
        if not any(rule.request for rule in screening.guarding.rules):
            return None
        has_texts = may_have_texts(known.endpoint, flow.request)
        too_long = is_too_long(known.endpoint, flow.request)
        opens = has_texts and is_upgrade(flow.request.headers, plain(flow.request.headers))
        if has_texts and not (too_long or opens):
            flow.request.stream = False
            return None
        if opens or known.endpoint.kind is Kind.UNKNOWN:
            self._refuse_unread(flow, known, screening)
        if flow.response or not (has_texts or known.endpoint.kind is Kind.UNKNOWN):
            return None
        rules = [rule for rule in rules_for(known, screening) if rule.request]
        if too_long:
            act(flow, known, Judged(verdict(Searched((), 1), rules), False, None))
        return None if flow.response else judge_all(flow, known, screening.search, queried(flow, rules))

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
            if flow.request.stream or not may_have_texts(known.endpoint, flow.request):
                return None
            unmetered(flow, known)
        every = rules_for(known, screening)
        known.guards = guards(known, [rule for rule in every if rule.response], screening)
        rules = [rule for rule in every if rule.request]
        if not rules:
            return None
        texts, body = queried(flow, rules), flow.request.raw_content if known.body is None else known.body
        if body:
            text, files = looked_into(body, known.media_type)
            files += known.body is None
            texts.append(Text(text, partial(judged, known, rules, screening, text is body, files)))
        return judge_all(flow, known, screening.search, texts)


def queried(flow: HTTPFlow, rules: Sequence[Rule]) -> list[Text]:
    """A request's query, if it has one. It is never changed."""
    text = query_text(flow.request.path)
    return [Text(text, lambda found: Judged(verdict(found, rules, False), False, None))] if text else []


def keeps_back(rule: Rule) -> bool:
    """Whether it has anything taken out of requests, or refused."""
    return rule.request and not rule.shadow and max(rule.certain, rule.generic) > Do.FLAG


def rules_for(known: Exchange, screening: Screening) -> Sequence[Rule]:
    """The guardrails that are about a call."""
    if screening.guarding.whoever_calls:
        return screening.guarding.rules
    return screening.guarding.about(row(known, "open", NO_REPORT, NO_COST, None, None, None))


def guards(known: Exchange, rules: Sequence[Rule], screening: Screening) -> Guards | None:
    """What its answer is to pass; None: nothing."""
    if not rules:
        return None
    mask = partial(placeholder, screening.key, scope(known))
    return Guards(rules, screening.detectors, screening.guarding.know, mask, finds=screening.finds)


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
    is_fixed = known.signed or known.endpoint.is_untouched
    may_change = decoded and not is_fixed and known.billing is Billing.METERED
    said = verdict(Searched(found.spots, found.unread + files), rules, may_change)
    redacts = said.redact and said.do is not Do.BLOCK
    return Judged(said, may_change, taken(known, said, screening.key) if redacts else None)
