"""Whether a policy has a call's answer kept, and given again, as far as can be told without its request."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.caching.dialects import OPERATIONS
from tollway.caching.eligible import NOT_ONE
from tollway.caching.scope import none_because, scope_of
from tollway.model import Identity
from tollway.policy import length
from tollway.policy.caching import caching
from tollway.policy.document import Way
from tollway.policy.schema import Policy


class CachedSeen(Struct, frozen=True, kw_only=True):
    """What the first entry of `cache` that is about it says."""

    by: str
    line: int
    ttl: str
    scope: str
    """`user`, `team` or `company`."""
    why_not: str | None = None
    """Why its answer is not kept all the same."""


def cached(policy: Policy, known: Mapping[str, Value], lines: Callable[[Way], int]) -> CachedSeen | None:
    """None: no entry is about it. `lines`: where a value begins.

    The caller is taken for who it is said to be, and to be on this machine.
    """
    rules = caching(policy)
    place = rules.place(known) if rules is not None else None
    if rules is None or place is None:
        return None
    rule, knows_callers = rules.rules[place], bool(policy.identity)
    user, team, service = (_text(known.get(name)) for name in ("user", "team", "service"))
    who = Identity(user=user, team=team, service=service, verified=knows_callers)
    why_not = None
    if known.get("operation") not in OPERATIONS:
        why_not = NOT_ONE
    elif scope_of(rule.scope, who, None, is_here=True, knows_callers=knows_callers) is None:
        why_not = none_because(rule.scope, who)
    return CachedSeen(
        by=rule.name,
        line=lines(("cache", place)),
        ttl=length.written(rule.ttl_us),
        scope=rule.scope.value,
        why_not=why_not,
    )


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None
