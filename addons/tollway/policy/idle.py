"""Parts of a policy that nothing leads to: routes that are never taken."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tollway.policy.document import Way
from tollway.policy.doubtful import Doubt
from tollway.policy.entry import LimitEntry
from tollway.policy.limit import Route
from tollway.policy.pattern import is_pattern
from tollway.policy.schema import Policy


def idle(policy: Policy) -> Iterator[Doubt]:
    """What is never used, and why."""
    taken = {name for entry in policy.limits for _, name in named(entry)}
    taken |= {action.name for entry in policy.rates for action in entry.then if isinstance(action, Route)}
    taken |= {entry.route for entry in policy.always}
    taken |= {name for entry in policy.on_request for name in entry.routes}
    for name in policy.routes:
        if name not in taken:
            yield (
                ("routes", name),
                "no limit, rate, `always` or `on_request` names this route: no call takes it",
            )
    for i, entry in enumerate(policy.limits):
        for way, name in named(entry):
            if _is_about_others(entry, policy, name):
                why = f"no rule of {name} is about the models of this limit: no call takes it"
                yield ("limits", i, *way), why


def named(entry: LimitEntry) -> Iterator[tuple[Way, str]]:
    """The routes that a limit names, and where."""
    for j, action in enumerate(entry.then):
        if isinstance(action, Route):
            yield ("then", j, "route"), action.name
    for percent, level in entry.at.items():
        yield ("at", f"{percent}%", "route"), level.route


def _is_about_others(entry: LimitEntry, policy: Policy, route: str) -> bool:
    """Whether no model that the limit matches can be one that the route moves."""
    asked = entry.match.get("model")
    if asked is None or asked.negated:
        return False
    rules = [rule.from_ for rule in policy.routes[route]]
    return all(apart(one, rule) for one in asked.values for rule in rules)


def apart(one: str, rule: str) -> bool:
    """Whether no model's name is meant by both patterns, as far as how they begin tells. A rule may have
    `provider/` in front."""
    return all(_differ(one.lower(), text) for text in (rule.lower(), rule.lower().partition("/")[2]) if text)


def _differ(one: str, other: str) -> bool:
    if not is_pattern(one):
        return not fnmatchcase(one, other.replace("[", "[[]"))
    if not is_pattern(other):
        return not fnmatchcase(other, one.replace("[", "[[]"))
    first, second = _start(one), _start(other)
    return not (first.startswith(second) or second.startswith(first))


def _start(pattern: str) -> str:
    """What stands before the first wild character."""
    return pattern.replace("?", "*").partition("*")[0]
