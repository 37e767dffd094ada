"""Rates as a call meets them."""

from tests.tollway.policy.written import policy
from tollway.decision.rate import rate_seen


def test_a_rate_is_shown_with_what_it_admits_and_does() -> None:
    (entry,) = policy("rates: [{name: a, allow: 60 requests / minute, burst: 5, per: user}]").rates
    seen = rate_seen(entry, 7, None)

    assert (seen.name, seen.line, seen.allow, seen.burst, seen.per) == (
        "a", 7, "60 requests / minute", "5", ("user",),
    )  # fmt: skip
    assert [action.does for action in seen.then] == ["wait 10s", "block"]
