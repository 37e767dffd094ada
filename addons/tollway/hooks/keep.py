"""What was said is kept where the policy in force at the call's start asks for it: the request as it left,
the answer as its client gets it. What is taken out of texts by then (guardrails) is not in them."""

import logging
from collections.abc import Callable
from functools import partial

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.budget.attributes import attributes
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.identity.concealed import concealed
from tollway.kept_answer import KeptAnswer
from tollway.model import Cost, Report
from tollway.policy.recording import KeepRule
from tollway.rows import row
from tollway.texts.store import TOO_LARGE, UNREADABLE, Text, Texts
from tollway.translation import FROM
from tollway.wire.coding import decoder

logger = logging.getLogger(__name__)

FAILED = "a text of call %s is not kept"


class Keep:
    """Hands texts on to be kept: of each attempt its request, and the answer of the one that is passed on.

    A call that is refused never left, so nothing of it is kept. No call waits for it, or fails of it.
    """

    def __init__(self, texts: Texts, own_keys: Callable[[], frozenset[str]]) -> None:
        """`own_keys`: all of the operator's that are at hand."""
        self._texts = texts
        self._own_keys = own_keys

    def request(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is None or known.recording is None or flow.response or not known.admitted:
            return
        self._safely(known, lambda: self._request(flow, known))

    def responseheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is None or known.kept_by is None or known.refused or not known.kept_by.response:
            return
        self._safely(known, lambda: self._gather(flow, known))

    def response(self, flow: HTTPFlow) -> None:
        self._ended(flow, whole=True)

    def error(self, flow: HTTPFlow) -> None:
        self._ended(flow, whole=False)

    def _request(self, flow: HTTPFlow, known: Exchange) -> None:
        assert known.recording is not None
        found = known.recording.rule(attributes(row(known, "open", Report(), Cost(), None, None, None)))
        known.kept_by = found
        if found is None:
            return
        known.secrets = self._own_keys() | concealed(known.shown, known.asked_at, known.recording.headers)
        known.secrets |= concealed(flow.request.headers.fields, flow.request.path, known.recording.headers)
        if found.request and known.request_bytes:
            body = known.body
            why_not = UNREADABLE if body is None else None
            size = known.request_bytes if body is None else len(body)
            if size > found.largest:
                body, why_not = None, TOO_LARGE
            text = _begun(known, found)(
                part="request",
                dialect=known.endpoint.dialect,
                media_type=known.media_type,
                body=body,
                size=size,
                why_not=why_not,
            )
            self._texts.keep(text, known.secrets)

    def _gather(self, flow: HTTPFlow, known: Exchange) -> None:
        """Take of the answer what goes to the client, as it goes by."""
        response, tap, rule = flow.response, known.tap, known.kept_by
        if response is None or tap is None or rule is None:
            return
        decoding = decoder(response.headers.get("content-encoding", ""), rule.largest)
        answer = KeptAnswer(decoding, response.headers.get("content-type", ""))
        known.answer = answer

        def tapped(chunk: bytes) -> bytes:
            passed = tap(chunk)
            answer.feed(passed)
            return passed

        known.tap = tapped
        if not known.buffered:
            response.stream = tapped

    def _ended(self, flow: HTTPFlow, whole: bool) -> None:
        known = exchange.of(flow)
        if known is None or known.answer is None:
            return
        self._safely(known, lambda: self._answered(known, whole))
        known.answer = None

    def _answered(self, known: Exchange, whole: bool) -> None:
        answer, rule = known.answer, known.kept_by
        if answer is None or rule is None or known.refused:
            return
        body, why_not = answer.ended()
        dialect = known.endpoint.dialect
        text = _begun(known, rule)(
            part="response",
            dialect=dialect if known.translated is None else FROM[dialect],
            media_type=answer.media_type,
            body=body,
            size=answer.size,
            whole=whole,
            why_not=why_not,
        )
        self._texts.keep(text, known.secrets)

    def _safely(self, known: Exchange, keep: Callable[[], None]) -> None:
        try:
            keep()
        except Exception:
            log_failure(logger, FAILED % known.id)


def _begun(known: Exchange, rule: KeepRule) -> partial[Text]:
    """What all texts of a call have in common."""
    until_us = known.started_us + rule.keep_us
    return partial(Text, call=known.id, rule=rule.name, kept_us=known.started_us, until_us=until_us)
