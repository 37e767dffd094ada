"""The limits that match a call are found, whatever their number."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy import index
from tollway.policy.index import CROWDED, LONGEST_REMEMBERED, Index, Match
from tollway.policy.pattern import Condition, parse
from tollway.policy.pattern import tester as judge

texts = st.sampled_from(["a", "b", "ab", "a*", "ab*", "a?", "*b", "?", "*", "A", "A*", "[a]", "[a]*"])
conditions = st.builds(
    lambda said, negated: parse({"not": said} if negated else said),
    st.lists(texts, min_size=1, max_size=3),
    st.booleans(),
)
names = st.sampled_from(["user", "model", "group", "tag.x"])
matches = st.lists(st.dictionaries(names, conditions, max_size=3), max_size=30)
some = st.none() | st.sampled_from(["a", "b", "ab", "A", "c", "[a]"])
known = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=2).map(tuple)
groups = st.none() | st.just(UNKNOWN_GROUPS) | known
calls = st.fixed_dictionaries({"user": some, "model": some, "group": groups}, optional={"tag.x": some})


def one_by_one(all_matches: list[Match], attributes: Mapping[str, Value]) -> list[int]:
    """The same, by looking at each."""
    return [
        place
        for place, match in enumerate(all_matches)
        if all(judge(name, condition)(attributes.get(name)) for name, condition in match.items())
    ]


@given(matches, st.lists(calls, max_size=5))
def test_those_are_found_that_match_one_by_one(
    all_matches: list[Match], asked: list[dict[str, Value]]
) -> None:
    found = Index(all_matches)
    for attributes in asked:
        assert found.find(attributes) == one_by_one(all_matches, attributes)
        assert found.find(attributes) == one_by_one(all_matches, attributes)  # as remembered, too


def condition(*values: str) -> Condition:
    """One that asks for these."""
    return parse(list(values))


def test_a_value_that_half_the_policy_asks_for_is_not_where_limits_are_filed() -> None:
    """Each is found by what tells it from the others."""
    crowd = [{"team": condition("a"), "user": condition(f"u{n}*")} for n in range(CROWDED + 1)]

    assert Index(crowd).find({"team": "a", "user": "u3"}) == [3]


def test_what_is_remembered_of_patterns_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_REMEMBERED", 2)
    found = Index([{"user": condition("a*")}])

    for name in ("a1", "a2", "a3", "b", "a1", "a" * (LONGEST_REMEMBERED + 1)):
        assert found.find({"user": name}) == ([0] if name.startswith("a") else [])
        assert len(found._remembered) <= 2
