"""What did something to a call: the entry of the policy that it is told of."""

from typing import NamedTuple

from tollway.policy.limit import Limit

LIMIT, RATE, ACCESS, ALWAYS, FAULT = "limit", "rate", "access", "always", "fault"


class By(NamedTuple):
    """An entry."""

    kind: str
    """`limit`, `rate`, `access`, `always` or `fault`."""
    name: str
    """As refusals and `tollway explain` call it."""


def by_limit(limit: Limit) -> By:
    """A limit, or a rate."""
    return By(RATE if limit.is_rate else LIMIT, limit.name)
