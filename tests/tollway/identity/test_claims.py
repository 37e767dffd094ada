"""What an issuer calls otherwise has the policy's names."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.identity.claims import LONGEST, groups, parse, value, values

CLAIMS: Mapping[str, Any] = {
    "email": "ann@example.com",
    "groups": ["team-search", "all", "team-ads", "all", 7, None, ""],
    "access": {"app": {"roles": ["intern", "reader"]}},
    "https://example.com/claims": {"cost.center": "4711"},
    "repository": "acme/site",
    "environment": "prod",
    "number": 12,
    "years": {"2026": "z"},
    "flag": True,
    "empty": "",
    "none": None,
    "long": "x" * (LONGEST + 1),
    "lines": "a\nb",
    "escape": "a\x1b[31m",
}


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ("email", "ann@example.com"),
        ("groups[0]", "team-search"),
        ("groups[4]", "7"),
        ("access.app.roles[1]", "reader"),
        ('"https://example.com/claims"."cost.center"', "4711"),
        ("{repository}:{environment}", "acme/site:prod"),
        ("repo {repository}", "repo acme/site"),
        ("number", "12"),
        ("years.2026", "z"),
    ],
)
def test_a_claim_is_found_where_the_policy_says(claim: str, found: str) -> None:
    assert value(parse(claim), CLAIMS) == found
    assert values(parse(claim), CLAIMS) == (found,)


@pytest.mark.parametrize(
    "claim",
    [
        "phone", "groups[99]", "groups[5]", "groups[6]", "email[0]", "email.x", "access.app.roles.x",
        "access", "flag", "empty", "none", "long", "lines", "escape",
        "{repository}/{phone}", "{repository}{long}",
    ],
)  # fmt: skip
def test_what_is_no_name_is_absent(claim: str) -> None:
    """Also what could write to a terminal as it is shown."""
    assert value(parse(claim), CLAIMS) is None
    assert values(parse(claim), CLAIMS) == ()


def test_a_list_is_no_single_value_and_each_of_several() -> None:
    assert value(parse("groups"), CLAIMS) is None
    assert values(parse("groups"), CLAIMS) == ("7", "all", "team-ads", "team-search")


def test_a_prefix_is_stripped_and_what_lacks_it_is_left_out() -> None:
    assert values(parse("groups", strip="team-"), CLAIMS) == ("ads", "search")
    assert value(parse("groups[0]", strip="team-"), CLAIMS) == "search"
    assert value(parse("groups[1]", strip="team-"), CLAIMS) is None
    assert value(parse("groups[1]", strip="all"), CLAIMS) is None


@pytest.mark.parametrize(
    "text",
    ["", "[0]", "a..b", ".a", "a.", "a[x]", "a[]", "a[-1]", "{a", "a}", "{}", "{a}{", "a]b", '"a', "{a.}"],
)
def test_what_names_no_claim_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no claim|braces stand around claims"):
        parse(text)


@pytest.mark.parametrize(
    "overage",
    [
        {
            "_claim_names": {"groups": "src1"},
            "_claim_sources": {"src1": {"endpoint": "https://graph.example"}},
        },
        {"hasgroups": True},
        {"hasgroups": "true"},
    ],
)
def test_groups_that_did_not_fit_are_unknown_and_not_none(overage: Mapping[str, Any]) -> None:
    """Entra ID, above 200."""
    assert groups(parse("groups"), {"email": "a", **overage}) == UNKNOWN_GROUPS


def test_groups_are_those_of_the_claim() -> None:
    assert groups(parse("groups", "team-"), CLAIMS) == ("ads", "search")
    assert groups(parse("groups"), {"hasgroups": False, "_claim_names": {"roles": "src1"}}) == ()
    assert groups(parse("groups"), {"groups": [*UNKNOWN_GROUPS, "a"], "_claim_names": "groups"}) == ("a",)


PATHS = st.sampled_from(["a", "a.b", "a[0]", "a[1].b", '"x.y".a', "{a}-{a.b}"])
SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "x.y"]), inner),
    max_leaves=8,
)


@given(PATHS, st.dictionaries(st.sampled_from(["a", "b", "x.y"]), SAID))
def test_whatever_claims_say_nothing_breaks(path: str, claims: Mapping[str, Any]) -> None:
    one = value(parse(path), claims)

    assert one is None or 0 < len(one) <= LONGEST
    assert one is None or one in values(parse(path), claims)
