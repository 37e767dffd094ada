"""Limits that are in nobody's way: no call can match them, or another limit is always reached before."""

from collections.abc import Collection, Iterator, Sequence

from tollway.budget.bucket import Enforce
from tollway.policy.doubtful import Doubt
from tollway.policy.entry import LimitEntry
from tollway.policy.pattern import Condition, folded, matcher
from tollway.policy.schema import Policy
from tollway.policy.window import MINUTE_US, Window

ALWAYS_THERE = frozenset({"provider"})
"""Attributes that every call has."""
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def unreachable(policy: Policy, providers: Collection[str]) -> Iterator[Doubt]:
    """Conditions that no call can meet. `providers`: the names of all; none: they are not known."""
    known = _known(policy)
    if providers:
        known["provider"] = set(providers)
    for i, entry in enumerate(policy.limits):
        for name, condition in entry.match.items():
            way = ("limits", i, "match", name)
            if condition.negated:
                if name in ALWAYS_THERE and "*" in condition.values:
                    yield way, f"every call has a {name}: no call can match"
            elif name in known and not _possible(name, condition, known[name]):
                yield way, f"no call can match: {_there(name, known[name])}"


def needs_providers(policy: Policy) -> bool:
    """Whether a limit names a provider: the table takes a while to be read."""
    return any("provider" in entry.match for entry in policy.limits)


def contradictions(limits: Sequence[LimitEntry]) -> Iterator[Doubt]:
    """Amounts of a window that are more than what a longer one of the same calls has."""
    alike: dict[object, list[tuple[int, LimitEntry]]] = {}
    for i, entry in enumerate(limits):
        if entry.enforce is not Enforce.SHADOW:
            same = (frozenset(entry.match.items()), frozenset(entry.per), entry.amount.unit, entry.notional)
            alike.setdefault(same, []).append((i, entry))
    for group in alike.values():
        for i, entry in group:
            longer = [other for _, other in group if _length(other.window) > _length(entry.window)]
            least = min(longer, key=lambda other: other.amount.number, default=None)
            if least is not None and entry.amount.number > least.amount.number:
                said = f"{least.name} has less, {least.amount}, for a longer window: this is never reached"
                yield ("limits", i, "amount"), said


def _known(policy: Policy) -> dict[str, set[str]]:
    """The values that attributes can have, where the policy alone decides: so far, by networks."""
    known: dict[str, set[str]] = {
        name: set() for name in ("user", "team", "role", "service", "group", "network")
    }
    for source in policy.identity:
        for network, caller in source.networks.items():
            known["network"].add(str(network))
            known["group"].update(caller.groups)
            for name in ("user", "team", "role", "service"):
                if (value := getattr(caller, name)) is not None:
                    known[name].add(value)
    return known


def _possible(name: str, condition: Condition, known: Collection[str]) -> bool:
    tests = [matcher(name, text) for text in condition.values]
    return any(meant(folded(name, value)) for value in known for meant in tests)


def _there(name: str, known: Collection[str]) -> str:
    if name == "provider":
        return "no provider is called so"
    if not known:
        return f"`identity` gives no call a {name}"
    several = sorted(known)
    return f"`identity` knows of a {name} only {', '.join(several[:8])}{' ...' if len(several) > 8 else ''}"


def _length(window: Window) -> int:
    """In minutes, roughly."""
    if window.rolling_us is not None:
        return window.rolling_us // MINUTE_US
    return 60 if window.unit == "hour" else _DAYS[window.unit or "day"] * 24 * 60
