"""Which texts of a call the policy keeps."""

from tests.tollway.policy.written import policy
from tollway.decision.kept import KeptSeen, kept
from tollway.policy.document import Way

POLICY = policy(
    "record: [{match: {team: a}, in: request, keep: 48h}, {name: rest, match: {provider: openai}}]"
)


def line(way: Way) -> int:
    return 10 + int(way[1])


def test_the_first_entry_that_matches_says_so() -> None:
    assert kept(POLICY, {"team": "a", "provider": "openai"}, line) == KeptSeen(
        by="record[0]", line=10, texts="request", keep="2d"
    )
    assert kept(POLICY, {"provider": "openai"}, line) == KeptSeen(
        by="rest", line=11, texts="both", keep="30d"
    )


def test_where_none_matches_none_is_kept() -> None:
    assert kept(POLICY, {"provider": "mistral"}, line) is None
    assert kept(policy(""), {"provider": "openai"}, line) is None
