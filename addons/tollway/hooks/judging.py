"""The texts of a request, one after the other: each is searched, judged, and dealt with."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import NamedTuple

from mitmproxy.http import HTTPFlow
from msgspec import Struct

from tollway.apart import apart
from tollway.exchange import Exchange
from tollway.guardrails.rule import Do
from tollway.guardrails.spot import Searched
from tollway.guardrails.verdict import Verdict
from tollway.hooks.redacting import Taken, redact
from tollway.hooks.refusal import refuse
from tollway.model import Kind
from tollway.wire.blocked import CODE, blocked

MANY = 100
"""Findings: what is done with more of them is worked out beside the event loop, at 50 us each."""

Search = Callable[[bytes], Searched | Awaitable[Searched]]


class Judged(Struct, frozen=True):
    """What becomes of a request."""

    said: Verdict
    may_change: bool
    made: Taken | None
    """What is taken out of it; None: nothing."""


class Text(NamedTuple):
    """One that is looked through."""

    body: bytes
    judge: Callable[[Searched], Judged]


def judge_all(
    flow: HTTPFlow, known: Exchange, search: Search, texts: Sequence[Text]
) -> Awaitable[None] | None:
    """Until one has the request refused. What takes long is awaited."""
    for number, text in enumerate(texts):
        found = search(text.body)
        if not isinstance(found, Searched) or len(found.spots) > MANY:
            return _beside(flow, known, search, found, texts[number:])
        act(flow, known, text.judge(found))
        if flow.response is not None:
            break
    return None


async def _beside(
    flow: HTTPFlow,
    known: Exchange,
    search: Search,
    found: Searched | Awaitable[Searched],
    texts: Sequence[Text],
) -> None:
    """The same where it takes long: the event loop goes on."""
    first, *others = texts
    searched = found if isinstance(found, Searched) else await found
    act(flow, known, await apart(partial(first.judge, searched)))
    if flow.response is None and (more := judge_all(flow, known, search, others)) is not None:
        await more


def act(flow: HTTPFlow, known: Exchange, one: Judged) -> None:
    """Do with a request what is said of it. A free call in which something was found is in the ledger."""
    known.findings += one.said.findings
    known.recorded = known.recorded or bool(known.findings and known.endpoint.kind is Kind.PASS)
    if one.said.do is Do.BLOCK:
        known.recorded = True
        refuse(flow, 400, blocked(one.said, one.may_change), CODE)
    elif one.made is not None:
        redact(flow, known, one.said, one.made)
