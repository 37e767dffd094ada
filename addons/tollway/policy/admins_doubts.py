"""What a policy says of administrators and can't be meant to."""

from collections.abc import Iterator

from tollway.policy.doubtful import Doubt
from tollway.policy.schema import Policy

NOBODY_KNOWN = "`identity` has no source: all who call from this machine are administrators, and nobody else"
ALL_BUT = "these say only who is none: every other caller who is known sees everything"


def admins_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    if not policy.admins:
        return
    if not policy.identity:
        yield ("admins",), NOBODY_KNOWN
    elif all(condition.negated for condition in policy.admins.values()):
        yield ("admins",), ALL_BUT
