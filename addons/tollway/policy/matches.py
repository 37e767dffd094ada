"""All conditions of a policy, wherever they stand."""

from collections.abc import Iterator

from tollway.policy.access import Match
from tollway.policy.access_doubts import conditions
from tollway.policy.document import Way
from tollway.policy.schema import Policy

SECTIONS = ("limits", "rates", "always", "on_request", "guardrails", "record", "cache")
"""Lists of entries that have a `match`."""


def matches(policy: Policy) -> Iterator[tuple[Way, Match]]:
    """Each with the way to it."""
    for section in SECTIONS:
        for i, entry in enumerate(getattr(policy, section)):
            yield (section, i, "match"), entry.match
    yield ("admins",), policy.admins
    for i, rule in enumerate(policy.access):
        for key, match in conditions(rule):
            yield ("access", i, key), match
    for route, rules in policy.routes.items():
        for i, each in enumerate(rules):
            yield ("routes", route, i, "when"), each.when.attributes
    for provider, entries in policy.credentials.items():
        for i, credential in enumerate(entries):
            yield ("credentials", provider, i, "match"), credential.match
