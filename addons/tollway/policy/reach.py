"""Limits that are in nobody's way: no call can match them, or another limit is always reached before; and
conditions and buckets that tell no calls apart."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from tollway.budget.bucket import Enforce
from tollway.policy.doubtful import Doubt
from tollway.policy.entry import LimitEntry
from tollway.policy.matches import matches
from tollway.policy.pattern import Condition, folded, matcher
from tollway.policy.schema import Policy
from tollway.policy.window import MINUTE_US, Window

NAMED = frozenset({"provider", "operation"})
"""Attributes that every call has, with one of the values that the table of providers knows."""
OF_KEYS = frozenset({"user", "team", "role", "service", "group"})
"""What the bearer of a key may have, which stands in the ledger or in a file of its own."""
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def unreachable(policy: Policy, named: Mapping[str, Collection[str]]) -> Iterator[Doubt]:
    """Conditions that no call can meet, or that every call meets. `named`: the values of NAMED, by attribute;
    nothing of one: they are not known."""
    known = _known(policy) | {name: set(values) for name, values in named.items() if values}
    for way, match in matches(policy):
        for name, condition in match.items():
            if (why := _vain(name, condition, known.get(name))) is not None:
                yield (*way, name), why


def undivided(policy: Policy) -> Iterator[Doubt]:
    """Attributes of `per` that no call has: all share one bucket."""
    known = _known(policy)
    entries = [("limits", i, entry.per) for i, entry in enumerate(policy.limits)]
    entries += [("rates", i, entry.per) for i, entry in enumerate(policy.rates)]
    for section, i, per in entries:
        for name in per:
            if name in known and not known[name]:
                yield (section, i, "per"), f"`identity` gives no call a {name}: all calls share one bucket"


def needs_providers(policy: Policy) -> bool:
    """Whether a condition names a provider or an operation: the table takes a while to be read."""
    return any(NAMED & match.keys() for _, match in matches(policy))


def _vain(name: str, condition: Condition, known: Collection[str] | None) -> str | None:
    """Why a condition is of no use; `known`: the values that the attribute can have, None: any."""
    if condition.negated and name in NAMED and "*" in condition.values:
        return f"every call has {_a(name)}: no call can match"
    if known is None or _possible(name, condition, known) or (condition.negated and "*" in condition.values):
        return None
    what = "it keeps no call out" if condition.negated else "no call can match"
    return f"{what}: {_there(name, condition, known)}"


def contradictions(limits: Sequence[LimitEntry]) -> Iterator[Doubt]:
    """Amounts of a window that are more than what one as long, or longer, of the same calls has."""
    alike: dict[object, list[tuple[int, LimitEntry]]] = {}
    for i, entry in enumerate(limits):
        if entry.enforce is not Enforce.SHADOW:
            same = (frozenset(entry.match.items()), frozenset(entry.per), entry.amount.unit, entry.notional)
            alike.setdefault(same, []).append((i, entry))
    for group in alike.values():
        for i, entry in group:
            longer = [other for _, other in group if _length(other.window) > _length(entry.window)]
            as_long = [other for _, other in group if other.window == entry.window]
            least = min([*longer, *as_long], key=lambda other: other.amount.number)
            if entry.amount.number > least.amount.number:
                what = "the same window" if least.window == entry.window else "a longer window"
                said = f"{least.name} has less, {least.amount}, for {what}: this is never reached"
                yield ("limits", i, "amount"), said


def _known(policy: Policy) -> dict[str, set[str]]:
    """The values that attributes can have, where the policy alone decides: by networks, and by no token."""
    known: dict[str, set[str]] = {
        name: set() for name in ("user", "team", "role", "service", "group", "network")
    }
    for source in policy.identity:
        for network, caller in (source.networks or {}).items():
            known["network"].add(str(network))
            known["group"].update(caller.groups)
            for name in ("user", "team", "role", "service"):
                if (value := getattr(caller, name)) is not None:
                    known[name].add(value)
    told = {"group" if name == "groups" else name for names in policy.claims_in_use() for name in names}
    for source in policy.identity:
        if source.virtual_keys or source.api_keys is not None:
            told |= OF_KEYS
        if source.provider_token is not None:
            told |= source.provider_token.claims.keys()
    return {name: values for name, values in known.items() if name not in told}


def _possible(name: str, condition: Condition, known: Collection[str]) -> bool:
    tests = [matcher(name, text) for text in condition.values]
    return any(meant(folded(name, value)) for value in known for meant in tests)


def _there(name: str, condition: Condition, known: Collection[str]) -> str:
    if name in NAMED:
        near = get_close_matches(condition.values[0], known, n=1)
        return f"no {name} is called so{f'; did you mean {near[0]}?' if near else ''}"
    if not known:
        return f"`identity` gives no call a {name}"
    several = sorted(known)
    return f"`identity` knows of a {name} only {', '.join(several[:8])}{' ...' if len(several) > 8 else ''}"


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _length(window: Window) -> int:
    """In minutes, roughly."""
    if window.rolling_us is not None:
        return window.rolling_us // MINUTE_US
    return 60 if window.unit == "hour" else _DAYS[window.unit or "day"] * 24 * 60
