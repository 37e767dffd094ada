"""A bearer is who the claims say, under the policy's names."""

from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.identity.bearer import bearer
from tollway.identity.claims import parse
from tollway.model import Identity

NAMES = {
    "user": parse("email"), "team": parse("team"), "role": parse("roles[0]"), "service": parse("azp"),
    "groups": parse("groups"), "cost_center": parse("department"), "office": parse("office"),
}  # fmt: skip


def test_names_that_calls_have_and_names_of_the_operators_own() -> None:
    claims = {"email": "ann", "team": "a", "roles": ["r"], "azp": "ci", "groups": ["x", "w"], "department": 7}

    assert bearer("proxy_jwt", NAMES, claims) == Identity(
        user="ann",
        team="a",
        role="r",
        service="ci",
        groups=("w", "x"),
        attributes={"cost_center": "7"},
        source="proxy_jwt",
        verified=True,
    )


def test_what_no_claim_says_is_absent() -> None:
    assert bearer("header_jwt", NAMES, {}) == Identity(source="header_jwt", verified=True)
    assert bearer("header_jwt", {}, {"email": "ann"}) == Identity(source="header_jwt", verified=True)


def test_too_many_groups_are_unknown() -> None:
    assert bearer("proxy_jwt", NAMES, {"hasgroups": True}).groups == UNKNOWN_GROUPS
