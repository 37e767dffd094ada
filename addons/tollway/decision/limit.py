"""A limit as a call meets it: what is left of it, and what it does with the call."""

from collections.abc import Callable
from fractions import Fraction

from msgspec import Struct

from tollway.budget.bucket import Enforce
from tollway.decision.led import Led
from tollway.decision.route import RouteSeen
from tollway.decision.unmet import percent
from tollway.policy.action import written
from tollway.policy.entry import LimitEntry
from tollway.policy.limit import Action, Route

Look = Callable[[str, bool], RouteSeen]
"""A route, for the call where it is; whether a conversation may wait for it."""
NOWHERE = "a call that names no model is moved nowhere"


class ActionSeen(Led, frozen=True, kw_only=True):
    """What is done; by a route, where that would send the call."""

    does: str
    """`clamp`, `wait 30s`, `route economy`, `block`."""


class LevelSeen(Led, frozen=True, kw_only=True):
    """A level, and where its route would send the call."""

    at: str
    """`80%`."""
    reached: bool
    route: str


class LimitSeen(Struct, frozen=True, kw_only=True):
    """A limit that the call meets."""

    name: str
    line: int
    amount: str
    window: str
    per: tuple[str, ...]
    enforce: str
    left: str
    """The share of the amount, as it was said."""
    levels: tuple[LevelSeen, ...]
    then: tuple[ActionSeen, ...]


def is_reached(percentage: int, left: Fraction) -> bool:
    """Whether so much is settled and held where so much is left."""
    return (1 - left) * 100 >= percentage


def seen(entry: LimitEntry, line: int, left: Fraction, look: Look | None) -> LimitSeen:
    """The limit of an entry. `look`: where its routes would send the call; None: nowhere."""
    return LimitSeen(
        name=entry.name,
        line=line,
        amount=str(entry.amount),
        window=str(entry.window),
        per=entry.per,
        enforce=entry.enforce.value,
        left=percent(left),
        levels=tuple(_level(each, entry.at[each].route, left, look) for each in sorted(entry.at)),
        then=tuple(action_seen(action, look, entry.enforce is not Enforce.HARD) for action in entry.then),
    )


def _level(percentage: int, route: str, left: Fraction, look: Look | None) -> LevelSeen:
    found, reached = _led(route, look, softly=True), is_reached(percentage, left)
    return LevelSeen(at=f"{percentage}%", reached=reached, route=route, **found.told())


def action_seen(action: Action, look: Look | None, softly: bool) -> ActionSeen:
    """What is done, and where that sends the call."""
    if not isinstance(action, Route):
        return ActionSeen(does=str(written(action)))
    return ActionSeen(does=f"route {action.name}", **_led(action.name, look, softly).told())


def _led(route: str, look: Look | None, softly: bool) -> Led:
    """Where a route leads, or why it leads nowhere."""
    return Led(why_not=NOWHERE) if look is None else look(route, softly)
