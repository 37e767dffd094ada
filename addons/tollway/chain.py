"""The road a call takes: the steps in order. Reading this list top to bottom is reading the product."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mitmproxy.http import HTTPFlow

from tollway.accounting import Accounting
from tollway.hooks.deny import DenyByDefault
from tollway.hooks.drain import BOUNDS, Bounds, Drain
from tollway.hooks.explain import Explain
from tollway.hooks.meter import Meter
from tollway.hooks.read import Read
from tollway.hooks.recognise import Recognise
from tollway.hooks.record import Record
from tollway.hooks.rewrite import Rewrite
from tollway.hooks.settle import Settle
from tollway.holds import Holds
from tollway.ledger.store import Budgets
from tollway.model import CallRecord
from tollway.policy.schema import Faults
from tollway.providers.registry import Registry
from tollway.waiting import Line


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the steps are made of."""

    registry: Registry
    faults: Faults
    ledger: Budgets
    accounting: Accounting
    clock: Callable[[], float]
    secret: bytes
    """The key of the credentials' fingerprints."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """On every call (`tollway run --tag`)."""
    observe: Callable[[CallRecord], None] = lambda record: None
    """Sees each call as it ends."""
    drains: Bounds = BOUNDS


@dataclass(frozen=True)
class Chain:
    """The steps, and those of them that the process speaks to when it ends."""

    steps: tuple[object, ...]
    drain: Drain
    settle: Settle
    refuse: Callable[[HTTPFlow], None]
    """Puts a refusal in the place of the answer of a flow that a step failed on."""


def chain(parts: Parts) -> Chain:
    """The steps of a call, in the order in which each event passes them."""
    drain = Drain(parts.faults.abandoned, parts.drains)
    recognise = Recognise(parts.registry, parts.secret, parts.clock, parts.tags)
    line = Line()
    settle = Settle(Holds(parts.ledger, line).end, parts.accounting, parts.observe)
    return Chain(
        steps=(
            recognise,
            drain,
            Read(),
            Rewrite(),
            Record(parts.ledger, parts.accounting, parts.faults.store_down),
            DenyByDefault(),
            Meter(parts.clock),
            settle,
            Explain(),
        ),
        drain=drain,
        settle=settle,
        refuse=recognise.refuse_failed,
    )
