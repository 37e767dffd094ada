"""Patterns, filed by what they begin with."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.policy.pattern import matcher
from tollway.policy.prefixes import Prefixes

PATTERNS = ["*", "?", "a*", "a?", "ab*", "ab*c", "*b", "[a]*", "b?*"]


def filed(name: str, patterns: list[str]) -> Prefixes[str]:
    """These, each of which leads to itself."""
    made: Prefixes[str] = Prefixes(name)
    for pattern in patterns:
        made.add(pattern, pattern)
    return made


@given(st.lists(st.sampled_from(PATTERNS), unique=True), st.text("abc[]", max_size=4))
def test_those_are_found_that_mean_a_value(patterns: list[str], value: str) -> None:
    """As if each had been asked."""
    found = list(filed("user", patterns).meaning(value))

    assert sorted(found) == sorted(pattern for pattern in patterns if matcher("user", pattern)(value))


def test_a_value_is_held_against_those_that_begin_as_it_does() -> None:
    """Of a thousand, one; and those that begin with nothing."""
    many = filed("user", [*(f"team-{n:03}-*" for n in range(1000)), "*-ci"])

    assert [item for _, item in many.near("team-007-ci")] == ["*-ci", "team-007-*"]
    assert [item for _, item in many.near("x")] == ["*-ci"]


def test_models_are_compared_without_regard_to_case() -> None:
    assert list(filed("model", ["Claude-*"]).meaning("claude-opus")) == ["Claude-*"]
