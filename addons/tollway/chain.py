"""The road a call takes: the steps in order. Reading this list top to bottom is reading the product."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mitmproxy.http import HTTPFlow

from tollway.accounting import Accounting
from tollway.budget.bucket import Balance
from tollway.caching.store import NOTHING, Answers
from tollway.discovering import Discovering, of_nothing
from tollway.governing import Governing
from tollway.holds import Holds, Watch
from tollway.hooks.access import Access
from tollway.hooks.aim import Aim
from tollway.hooks.batch import Batch
from tollway.hooks.budget import Budget
from tollway.hooks.call_road import CallRoad
from tollway.hooks.conceal import Conceal
from tollway.hooks.deny import DenyByDefault
from tollway.hooks.discover import Discover, Find
from tollway.hooks.drain import BOUNDS, Bounds, Drain
from tollway.hooks.explain import Explain
from tollway.hooks.failover import Failover
from tollway.hooks.guard import Guard
from tollway.hooks.identify import Identify
from tollway.hooks.inject import Inject
from tollway.hooks.keep import Keep
from tollway.hooks.later import Later
from tollway.hooks.lead import Lead
from tollway.hooks.log_ins import LogIns
from tollway.hooks.look_up import LookUp
from tollway.hooks.meter import Meter
from tollway.hooks.pages import Pages
from tollway.hooks.plan import Plan
from tollway.hooks.read import Read
from tollway.hooks.recognise import Recognise
from tollway.hooks.record import Record
from tollway.hooks.rewrite import Rewrite
from tollway.hooks.screen import Screen
from tollway.hooks.settle import Settle
from tollway.hooks.share import Share
from tollway.hooks.socket_calls import Means
from tollway.hooks.sockets import Sockets
from tollway.hooks.unread import Told, Unread
from tollway.joining.flying import Flying
from tollway.ledger.store import Store
from tollway.model import CallRecord
from tollway.page.setup import Root
from tollway.plans.seen import Seen
from tollway.providers.registry import Registry
from tollway.reading import Reading
from tollway.texts.store import NOWHERE, Texts
from tollway.waiting import Line

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the steps are made of."""

    registry: Registry
    governing: Governing
    """The policy in force."""
    ledger: Store
    accounting: Accounting
    clock: Callable[[], float]
    secret: bytes
    """The key of the credentials' fingerprints."""
    is_ours: Callable[[str, int], bool]
    """Whether a host and port are a provider's, or the proxy itself: what is decrypted."""
    whose: Callable[[str, int], str | None] = lambda host, port: None
    """The provider whose a host and port are."""
    texts: Texts = NOWHERE
    """Where texts are kept, of the calls of which the policy wants it."""
    answers: Answers = NOTHING
    """Where answers are kept, and found again, of the calls of which the policy wants it."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """On every call (`tollway run --tag`)."""
    observe: Callable[[CallRecord], None] = lambda record: None
    """Sees each call as it ends."""
    watch: Watch = lambda record, balances: None
    """Sees each call that met limits as it ends, with what is left in its buckets."""
    refused: Callable[[Balance], None] = lambda balance: None
    """Hears of each bucket that had no room for a call which is therefore refused."""
    unread: Told = lambda provider, why, done: None
    """Hears of each connection to a provider that nobody can read."""
    turned_away: Callable[[str], None] = lambda limit: None
    """Hears the name of each limit that refuses a call, for whatever reason."""
    unpriced: Callable[[CallRecord], None] = lambda row: None
    """Hears of each call that is refused since no price of its model is known."""
    violated: Callable[[CallRecord, str], None] = lambda record, shape: None
    """Hears of each call that cost more than its bound, with the bound's shape."""
    discovering: Discovering = field(default_factory=of_nothing)
    """Counts what passes to AI services that are not read."""
    service: Find = lambda host, port: None
    """The service that a host and port look like."""
    plan: Callable[[Seen], None] = lambda seen: None
    """Hears what a provider says of a plan."""
    drains: Bounds = BOUNDS
    reading: Reading | None = None
    """Reads the ledger for callers' own pages; None: they have no figures."""
    overlooking: Reading | None = None
    """The same for administrators', which takes longer."""
    roots: Callable[[], Sequence[Root]] | None = None
    """Of the CA, for who is to trust it; None: it is not Tollway's own."""


@dataclass(frozen=True)
class Chain:
    """The steps, and those of them that the process speaks to when it ends."""

    steps: tuple[object, ...]
    drain: Drain
    settle: Settle
    holds: Holds
    pages: Pages
    unread: Unread
    """Hears of handshakes, beside the steps of calls."""
    discover: Discover
    """Hears of connections that pass."""
    refuse: Callable[[HTTPFlow], None]
    """Puts a refusal in the place of the answer of a flow that a step failed on."""


def passed_unread(ledger: Store, observe: Callable[[CallRecord], None], row: CallRecord) -> None:
    """A connection passes that nobody reads; nobody waits for its row."""

    def written(ended: "asyncio.Future[None]") -> None:
        if error := ended.exception():
            logger.error("the ledger did not take connection %s, which passes unread: %s", row.id, error)

    ledger.record(row, soon=True).add_done_callback(written)
    observe(row)


def chain(parts: Parts) -> Chain:
    """The steps of a call, in the order in which each event passes them."""
    faults, line = parts.governing.faults, Line()
    holds = Holds(parts.ledger, line, parts.watch)
    drain = Drain(faults.abandoned, parts.drains)
    recognise = Recognise(
        parts.registry, parts.secret, parts.clock, parts.tags, lambda: parts.governing.faults.websocket
    )

    def wait_for(record: CallRecord, name: str) -> "asyncio.Future[Any]":
        until_us = int(parts.clock() * 1_000_000) + parts.governing.faults.unsettled
        return holds.wait_for(record, name, until_us)

    settle = Settle(
        holds.end, parts.accounting, parts.observe, parts.violated, parts.ledger.awaited, wait_for
    )
    budget = Budget(
        parts.governing, parts.ledger, holds, line, parts.clock, parts.refused, parts.turned_away,
        parts.unpriced,
    )  # fmt: skip
    record = Record(parts.ledger, parts.accounting, lambda: parts.governing.faults.store_down)
    pages = Pages(parts.governing, parts.reading, parts.overlooking, parts.roots, parts.clock)
    rewrite, deny, keep = Rewrite(), DenyByDefault(), Keep(parts.texts, parts.governing.own_keys)
    later = Later(parts.accounting, parts.ledger, settle.keep, settle.write, parts.clock, parts.violated)
    flying = Flying()
    share = Share(parts.answers, flying, parts.clock)
    lead = Lead(share)
    plan = Plan(parts.plan, parts.clock)
    road = CallRoad(parts.governing, budget, record)
    sockets = Sockets(Means(parts.governing, road, settle, drain, parts.clock, plan.told))
    unread = Unread(
        parts.governing,
        parts.whose,
        parts.clock,
        partial(passed_unread, parts.ledger, parts.observe),
        parts.unread,
    )
    identify = Identify(
        parts.governing.callers, parts.is_ours, parts.clock, parts.governing.may_be_ours
    )  # fmt: skip
    discover = Discover(
        parts.service,
        parts.discovering,
        lambda: parts.governing.faults.unmanaged == "refuse",
        parts.governing.callers,
        identify.token,
    )
    again = (lead, rewrite, record, deny, keep)
    return Chain(
        steps=(
            recognise,
            Conceal(parts.governing),
            identify,
            discover,
            pages,
            Inject(parts.governing, parts.registry),
            LogIns(parts.governing),
            drain,
            Aim(parts.governing),
            sockets,
            Read(),
            Guard(parts.governing),
            Batch(parts.governing, parts.registry, parts.accounting, parts.ledger),
            Access(parts.governing),
            LookUp(parts.governing, parts.answers, flying, parts.clock),
            budget,
            lead,
            rewrite,
            record,
            deny,
            Failover(parts.governing, budget, holds, settle, drain, again, parts.clock),
            plan,
            Meter(parts.clock),
            later,
            settle,
            share,
            keep,
            Screen(),
            Explain(),
        ),
        drain=drain,
        settle=settle,
        holds=holds,
        pages=pages,
        unread=unread,
        discover=discover,
        refuse=recognise.refuse_failed,
    )
