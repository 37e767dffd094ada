"""Which buckets are a caller's to know."""

import pytest

from tests.tollway.policy.test_limits import NOON_US, call
from tests.tollway.policy.written import policy
from tollway.model import Identity
from tollway.policy.limits import Limits
from tollway.policy.own_buckets import own_buckets

LIMITS = Limits(
    policy("""
identity: [{networks: {10.0.0.0/8: {team: a}}}]
limits:
  - {name: all, amount: 100 USD, window: month}
  - {name: mine, per: user, amount: 5 USD, window: day}
  - {name: opus, match: {model: "*opus*"}, per: [team, user], amount: 5 USD, window: day}
  - {name: leads, match: {role: lead}, amount: 5 USD, window: day}
  - {name: models, per: model, amount: 5 USD, window: day}
  - {name: projects, per: tag.project, amount: 5 USD, window: rolling 24h}
  - {name: groups, per: group, amount: 5 USD, window: day}
  - {name: office, match: {network: 10.0.0.0/8}, amount: 5 USD, window: day}
""")
)
ANN = Identity(
    user="ann", team="a", groups=("x", "y"), network="10.0.0.0/8", source="proxy_jwt", verified=True
)
CALL = call(user="ann", team="a", groups=("x", "y"), tags={"project": "apollo"}, verified=True)


def found(who: Identity, *calls: object) -> list[tuple[str, dict[str, str | None]]]:
    """The names and values of a caller's buckets."""
    buckets = own_buckets(LIMITS, who, calls, NOON_US)  # type: ignore[arg-type]
    return [(each.limit, dict(each.values)) for each in buckets]


OWN = [
    ("all", {}), ("mine", {"user": "ann"}), ("opus", {"team": "a", "user": "ann"}),
    ("groups", {"group": "x"}), ("groups", {"group": "y"}), ("office", {}),
]  # fmt: skip


def test_who_has_not_called_knows_what_goes_by_who_it_is() -> None:
    """Whatever it may call: not what is apart by models, say, of which others have used some."""
    assert found(ANN) == OWN


def test_what_calls_count_in_is_known_too() -> None:
    """Each once, in the policy's order."""
    of_calls = [("models", {"model": "Claude-Opus".lower()}), ("projects", {"tag.project": "apollo"})]

    assert found(ANN, CALL, CALL) == [*OWN[:3], *of_calls, *OWN[3:]]


def test_a_name_that_nobody_vouches_for_opens_no_bucket() -> None:
    """Neither the caller's own, nor those of calls that said it."""
    hint = Identity(user="ann", role="lead", network="10.0.0.0/8", source="provider_token")

    names = [name for name, _ in found(hint, call(user="ann", role="lead"))]

    assert names == ["all", "models", "projects", "office"]


def test_nobody_in_particular_shares_a_bucket_with_all_like_it() -> None:
    assert found(Identity()) == [
        ("all", {}), ("mine", {"user": None}), ("opus", {"team": None, "user": None}),
        ("groups", {"group": None}),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["lead", "intern", None])
def test_a_limit_for_others_is_not_shown(role: str | None) -> None:
    who = Identity(role=role, source="proxy_jwt", verified=True)

    assert ("leads" in [name for name, _ in found(who)]) is (role == "lead")
