"""Which attributes of calls a policy goes by, in what a replay looks at."""

from collections.abc import Iterator

from tollway.policy.schema import Policy

OF_TARGETS = ("model", "provider")
"""What routes change."""


def names(policy: Policy) -> tuple[str, ...]:
    """Sorted. Two calls that have all of these alike, at one moment, are one to the policy."""
    return tuple(sorted(set(_names(policy))))


def _names(policy: Policy) -> Iterator[str]:
    yield from OF_TARGETS
    for limit in policy.limits:
        yield from (*limit.match, *limit.per)
    for rate in policy.rates:
        yield from (*rate.match, *rate.per)
    for rule in policy.access:
        yield from (*rule.match, *(rule.unless or {}))
    for match in (*(one.match for one in policy.always), *(one.match for one in policy.cache)):
        yield from match
    for rules in policy.routes.values():
        for way in rules:
            yield from way.when.attributes
