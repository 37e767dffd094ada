"""The section `record` of a policy."""

import pytest

from tests.tollway.policy.written import policy
from tollway.errors import PolicyError


def test_nothing_is_kept_unless_a_policy_says_so() -> None:
    assert policy("").record == ()


def test_an_entry_may_leave_everything_out() -> None:
    """Then it is for every call, both texts, for thirty days."""
    (entry,) = policy("record: [{}]").record

    assert (entry.name, entry.match, entry.in_) == (None, {}, "both")
    assert (entry.keep, entry.max_size) == (30 * 86_400_000_000, 1_000_000)


def test_an_entry_says_which_texts_of_which_calls_for_how_long() -> None:
    text = "{name: audit, match: {provider: openai}, in: request, keep: 90d, max_size: 4 MB}"

    (entry,) = policy(f"record: [{text}]").record

    assert (entry.name, entry.in_, entry.keep, entry.max_size) == (
        "audit", "request", 90 * 86_400_000_000, 4_000_000,
    )  # fmt: skip
    assert entry.match["provider"].values == ("openai",)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("{in: answers}", "record[0].in: must be both, request or response"),
        ("{in_: both}", "record[0].in_: unknown key"),
        ("{keep: 30}", "record[0].keep: write how long as 30d, 12h or 90m, 3660d at most"),
        (
            "{max_size: 1 GB}",
            "record[0].max_size: write a size as 500 KB or 4 MB (B, KB or MB), 64 MB at most",
        ),
        (
            "{match: {users: ann}}",
            "record[0].match.users: calls have no attribute 'users': did you mean user?",
        ),
        ("{match: {claim.x: a}}", "record[0].match.claim.x: no claim is called 'claim.x'"),
        (
            "{name: a}, {name: b}, {name: a}",
            "record[2].name: a stands twice: it is the name of record[0], too",
        ),
    ],
)
def test_what_an_entry_can_not_say_is_told(entries: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(f"record: [{entries}]")

    assert said in str(caught.value)
