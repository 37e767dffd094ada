"""Whether a call's answer would be kept and given again."""

import pytest

from tests.tollway.policy.written import policy
from tollway.caching.eligible import NOT_ONE
from tollway.caching.scope import NO_TEAM, NOBODY_VOUCHES
from tollway.decision.cached import CachedSeen, cached
from tollway.policy.document import Way

RULES = (
    "cache: [{name: vectors, match: {operation: embeddings}, ttl: 30d, scope: company},"
    " {ttl: 90m, scope: team}]\n"
)
KNOWN = RULES + "identity: [{networks: {10.0.0.0/8: {team: a}}}]"
VECTORS = CachedSeen(by="vectors", line=10, ttl="30d", scope="company")
REST = CachedSeen(by="cache[1]", line=11, ttl="90m", scope="team")


def line(way: Way) -> int:
    return 10 + int(way[1])


def test_the_first_entry_that_is_about_it_says_so() -> None:
    rules = policy(KNOWN)

    assert cached(rules, {"operation": "embeddings"}, line) == VECTORS
    assert cached(rules, {"operation": "chat", "team": "a"}, line) == REST


@pytest.mark.parametrize(
    ("text", "known", "why"),
    [
        (KNOWN, {"operation": "chat", "user": "ann"}, NO_TEAM),
        (KNOWN, {"operation": "chat", "team": ("a", "b")}, NO_TEAM),
        (KNOWN, {"operation": "images", "team": "a"}, NOT_ONE),
        (RULES, {"operation": "chat", "team": "a"}, NOBODY_VOUCHES),
    ],
)
def test_or_why_it_is_not(text: str, known: dict[str, str], why: str) -> None:
    found = cached(policy(text), known, line)

    assert found is not None
    assert found.why_not == why


def test_where_no_entry_is_about_it_nothing_is_said() -> None:
    assert cached(policy("cache: [{match: {team: a}, ttl: 1d}]"), {"operation": "chat"}, line) is None
    assert cached(policy(""), {"operation": "chat"}, line) is None
