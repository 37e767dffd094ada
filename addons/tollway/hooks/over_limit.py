"""Answers a call that a limit or a rate turned away, in its provider's place."""

from zoneinfo import ZoneInfo

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.admission import TurnedAway
from tollway.bound.bound import Bound, Unbounded
from tollway.hooks.refusal import refuse
from tollway.wire.over_limit import Refusal, over_limit, unholdable
from tollway.wire.over_rate import over_rate

OTHERS_FIRST = "others were faster each time that it was about to fit; try again"


def refuse_over_limit(flow: HTTPFlow, turned: TurnedAway, zone: ZoneInfo, now_us: int) -> None:
    """Which limit, what is left, and when that changes, in a status that its client understands."""
    said = refusal(flow, turned, zone, now_us)
    refuse(flow, said.status, said.message, said.code, said.retry_after, said.headers)


def refusal(flow: HTTPFlow, turned: TurnedAway, zone: ZoneInfo, now_us: int) -> Refusal:
    """What is said."""
    known = exchange.of(flow)
    dialect = known.endpoint.errors if known is not None else ""
    program = known.program if known is not None else None
    if turned.limit.is_rate:
        name, again_us = turned.limit.name, turned.again_us
        return over_rate(name, turned.balance, now_us, again_us, dialect=dialect, program=program)
    if turned.balance is None:
        return unholdable(turned.limit.name, turned.reason or OTHERS_FIRST)
    return over_limit(
        turned.balance,
        turned.hold,
        zone,
        now_us,
        dialect=dialect,
        program=program,
        held_by_others=turned.held_by_others,
        tools=has_tools(turned.candidate.bound),
    )


def has_tools(bound: Bound | Unbounded | None) -> bool:
    """Whether a call has the model read all of it again, as tools of the provider do."""
    return bound.turns > 1 if isinstance(bound, Bound) else bound is not None and bound.cappable
