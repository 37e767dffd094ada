"""A limit as a call meets it: what is left of it, and what it does with the call."""

from collections.abc import Callable
from fractions import Fraction

from msgspec import Struct

from tollway.decision.route import RouteSeen
from tollway.decision.unmet import percent
from tollway.policy.action import written
from tollway.policy.entry import LimitEntry
from tollway.policy.limit import Action, Route

Look = Callable[[str], RouteSeen]
"""A route, for the call where it is."""
NOWHERE = "a call that names no model is moved nowhere"


class ActionSeen(Struct, frozen=True, kw_only=True):
    """What is done."""

    does: str
    """`clamp`, `wait 30s`, `route economy`, `block`."""
    leads_to: str | None = None
    """Where a route would send the call."""
    why_not: str | None = None
    """Why a route would send it nowhere."""


class LevelSeen(Struct, frozen=True, kw_only=True):
    """A level."""

    at: str
    """`80%`."""
    reached: bool
    route: str
    leads_to: str | None
    why_not: str | None


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
        then=tuple(_action(action, look) for action in entry.then),
    )


def _level(percentage: int, route: str, left: Fraction, look: Look | None) -> LevelSeen:
    leads_to, why = _leads(route, look)
    reached = is_reached(percentage, left)
    return LevelSeen(at=f"{percentage}%", reached=reached, route=route, leads_to=leads_to, why_not=why)


def _action(action: Action, look: Look | None) -> ActionSeen:
    if not isinstance(action, Route):
        return ActionSeen(does=str(written(action)))
    leads_to, why = _leads(action.name, look)
    return ActionSeen(does=f"route {action.name}", leads_to=leads_to, why_not=why)


def _leads(route: str, look: Look | None) -> tuple[str | None, str | None]:
    """Where a route leads, or why it leads nowhere."""
    if look is None:
        return None, NOWHERE
    found = look(route)
    return found.leads_to, found.why_not
