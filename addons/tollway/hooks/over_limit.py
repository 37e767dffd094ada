"""What is said to a call that a limit or a rate turned away."""

from zoneinfo import ZoneInfo

from tollway.admission import TurnedAway
from tollway.bound.bound import Bound, Unbounded
from tollway.exchange import Exchange
from tollway.wire.over_limit import Refusal, over_limit, unholdable
from tollway.wire.over_rate import over_rate

OTHERS_FIRST = "others were faster each time that it was about to fit; try again"


def refusal(known: Exchange, turned: TurnedAway, zone: ZoneInfo, now_us: int) -> Refusal:
    """Which limit, what is left, and when that changes, in a status that its client understands."""
    dialect, program = known.endpoint.errors, known.program
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
