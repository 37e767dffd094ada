"""Parts of a policy that nothing leads to: routes that are never taken."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tollway.policy.doubtful import Doubt
from tollway.policy.entry import LimitEntry
from tollway.policy.limit import Route
from tollway.policy.pattern import is_pattern
from tollway.policy.schema import Policy


def idle(policy: Policy) -> Iterator[Doubt]:
    """What is never used, and why."""
    taken = {action.name for entry in policy.limits for action in entry.then if isinstance(action, Route)}
    taken |= {entry.route for entry in policy.always}
    for name in policy.routes:
        if name not in taken:
            yield ("routes", name), "neither a limit's `then` nor `always` names this route: no call takes it"
    for i, entry in enumerate(policy.limits):
        for j, action in enumerate(entry.then):
            if isinstance(action, Route) and _is_about_others(entry, policy, action):
                why = f"no rule of {action.name} is about the models of this limit: no call takes it"
                yield ("limits", i, "then", j, "route"), why


def _is_about_others(entry: LimitEntry, policy: Policy, action: Route) -> bool:
    """Whether no model that the limit matches can be one that the route moves."""
    asked = entry.match.get("model")
    if asked is None or asked.negated:
        return False
    rules = [rule.from_ for rule in policy.routes[action.name]]
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
