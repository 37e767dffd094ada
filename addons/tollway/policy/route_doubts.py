"""Parts of routes that never come to anything: rules that others overtake, that no call meets, that wait for
failures which never come; and entries of `always` behind others."""

from collections.abc import Iterator, Sequence

from tollway.policy.always import Standing
from tollway.policy.document import Way
from tollway.policy.doubtful import Doubt
from tollway.policy.idle import apart
from tollway.policy.pattern import Condition, covers, folded
from tollway.policy.routes import RouteRule
from tollway.policy.schema import Policy
from tollway.policy.when import When
from tollway.policy.wider import is_wider

SMALLEST = 2
"""Bytes of the smallest object in JSON."""
REDIRECTED = 3
"""First digit of the statuses that no provider answers a call with."""
HUNDRED = 100

OVERTAKEN = "routes.{}[{}] means all of these models: this rule is left what that one can't lead anywhere"
REPEATED = "routes.{}[{}] says the same: this rule changes nothing"
TOO_SMALL = "no request is as small: this rule never holds"
NO_MODEL = "none of the models of `from` is meant by this, too: this rule never holds"
NOTHING_ELSE = "there is nothing else to try when that happens: name more targets, or retries"
NEVER_ANSWERED = "no provider answers so: nothing is ever tried after the first target"
SAME_ROUTE = "always[{}] leads all of these calls by the same route: this entry changes nothing"
BEHIND = "always[{}] is about all of these calls: this entry is left what that one can't lead anywhere"


def route_doubts(policy: Policy) -> Iterator[Doubt]:
    """What is never used, and why."""
    for name, rules in policy.routes.items():
        for i, rule in enumerate(rules):
            for way, why in (*_overtaken(name, rules[:i], rule), *_never_held(rule), *_in_vain(rule)):
                yield ("routes", name, i, *way), why
    for i, entry in enumerate(policy.always):
        if (overtaken := _behind(policy, policy.always[:i], entry)) is not None:
            yield ("always", i), overtaken


def _overtaken(name: str, before: Sequence[RouteRule], rule: RouteRule) -> Iterator[tuple[Way, str]]:
    """Where an earlier rule always holds. Rules of one and the same `from` are meant to be tried in turn."""
    for i, other in enumerate(before):
        if other.when not in (When(), rule.when):
            continue
        if other.from_.lower() == rule.from_.lower():
            if (other.shares, other.chain, other.settings) == (rule.shares, rule.chain, rule.settings):
                yield ("from",), REPEATED.format(name, i)
                return
        elif covers(other.from_.lower(), rule.from_.lower()):
            yield ("from",), OVERTAKEN.format(name, i)
            return


def _never_held(rule: RouteRule) -> Iterator[tuple[Way, str]]:
    """Conditions that contradict the rest of a rule, or all requests."""
    if rule.when.size is not None:
        is_over, count = rule.when.size
        if not is_over and count <= SMALLEST:
            yield ("when", "size"), TOO_SMALL
    model = rule.when.attributes.get("model")
    if model is not None and _has_none(model, rule.from_.lower()):
        yield ("when", "model"), NO_MODEL


def _has_none(condition: Condition, meant: str) -> bool:
    """Whether no model that a rule means meets a condition. A rule's may have `provider/` in front."""
    texts = [folded("model", text) for text in condition.values]
    if not condition.negated:
        return all(apart(text, meant) for text in texts)
    forms = [text for text in (meant, meant.partition("/")[2]) if text]
    return any(all(covers(text, form) for form in forms) for text in texts)


def _in_vain(rule: RouteRule) -> Iterator[tuple[Way, str]]:
    """Failures that nothing follows, or that never come."""
    if rule.on is None:
        return
    if len(rule.chain) == 1 and not rule.retries:
        yield ("on",), NOTHING_ELSE
    elif all(_is_redirect(kind, number) for kind, number in rule.on):
        yield ("on",), NEVER_ANSWERED


def _is_redirect(kind: str, number: int) -> bool:
    digit = {"status": number // HUNDRED, "class": number}.get(kind)
    return digit == REDIRECTED


def _behind(policy: Policy, before: Sequence[Standing], entry: Standing) -> str | None:
    for i, other in enumerate(before):
        if is_wider(other.match, entry.match):
            if other.route == entry.route:
                return SAME_ROUTE.format(i)
            if any(_takes_all(rule) for rule in policy.routes[other.route]):
                return BEHIND.format(i)
    return None


def _takes_all(rule: RouteRule) -> bool:
    """Whether it is about every call. Where calls are split, a share may stay."""
    return rule.from_ == "*" and rule.when == When() and rule.split is None
