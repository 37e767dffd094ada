"""Which guardrails are about a call."""

from tests.tollway.policy.written import policy
from tollway.decision.guarded import GuardedSeen, guarded
from tollway.policy.document import Way

POLICY = policy(
    "guardrails: [{match: {team: a}, find: secrets, do: block}, {name: w, words: [ab], find: card, in: both,"
    " do: redact, generic: ignore, shadow: true}]"
)


def line(way: Way) -> int:
    return 10 + int(way[1])


def test_all_that_match_say_so() -> None:
    keys = GuardedSeen(
        by="guardrails[0]", line=10, finds=("secrets",), texts="request", do="block", generic="flag"
    )
    words = GuardedSeen(
        by="w", line=11, finds=("card", "w"), texts="both", do="redact", generic="ignore", shadow=True
    )

    assert guarded(POLICY, {"team": "a"}, line) == (keys, words)
    assert guarded(POLICY, {"team": "b"}, line) == (words,)
    assert guarded(policy(""), {"team": "a"}, line) == ()
