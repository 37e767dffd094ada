"""Conditions of a limit's `match`."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.pattern import (
    AttributeName,
    Condition,
    ConditionText,
    check_attribute,
    covers,
    folded,
    is_pattern,
    matcher,
    parse,
    values,
)
from tollway.policy.pattern import (
    tester as judge,
)
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with conditions."""

    match: dict[AttributeName, ConditionText]


@pytest.mark.parametrize(
    ("value", "condition"),
    [
        ("a", Condition(("a",))),
        (["b", "a", "b"], Condition(("a", "b"))),
        ({"not": "a"}, Condition(("a",), negated=True)),
        ({"not": ["b", "a"]}, Condition(("a", "b"), negated=True)),
    ],
)
def test_conditions_are_read(value: Any, condition: Condition) -> None:
    """A text, several, or none of them."""
    assert parse(value) == condition
    assert parse(condition) is condition


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, r"must be text, a list of texts, or \{not: text or list\}"),
        (None, "must be text"),
        ([1], "must be text"),
        ({"is": "a"}, "must be text"),
        ({"not": "a", "is": "b"}, "must be text"),
        ({"not": 3}, "must be text"),
        ([], "an empty list matches nothing: leave the attribute out"),
        ({"not": []}, "an empty list"),
        ("", "a value has 1 to 256 characters"),
        ("x" * 257, "a value has 1 to 256 characters"),
    ],
)
def test_what_is_no_condition_says_why(value: Any, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said):
        parse(value)


def test_conditions_are_shown_as_they_may_be_written() -> None:
    """Lists, so that one form says all."""
    section = Section.model_validate({"match": {"user": "ann", "team": {"not": ["b", "a"]}}})

    assert section.model_dump() == {"match": {"user": ["ann"], "team": {"not": ["a", "b"]}}}


@pytest.mark.parametrize("name", ["user", "group", "network", "tag.project", "tag.a_b-c.1"])
def test_attributes_are_those_of_calls(name: str) -> None:
    """Those that all have, and tags."""
    assert check_attribute(name) == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("usr", "calls have no attribute 'usr': did you mean user?"),
        ("groups", "did you mean group?"),
        ("tag", "did you mean tag.KEY?"),
        ("tag.", "write a tag's key in a-z"),
        ("tag.Project", "not 'tag.Project'"),
        (
            "zzz",
            "there are user, team, role, group, service, provider, model, operation, program, session, netw",
        ),
    ],
)
def test_unknown_attributes_are_hinted_at(name: str, said: str) -> None:
    """What was meant, else what there is."""
    with pytest.raises(ValueError, match=said.replace("?", r"\?")):
        check_attribute(name)


@pytest.mark.parametrize(
    ("name", "condition", "value", "meets"),
    [
        ("user", Condition(("ann",)), "ann", True),
        ("user", Condition(("ann",)), "Ann", False),
        ("user", Condition(("ann", "b*")), "bob", True),
        ("user", Condition(("ann",)), None, False),
        ("user", Condition(("*",)), None, False),
        ("user", Condition(("ann",), negated=True), None, True),
        ("user", Condition(("*",), negated=True), None, True),
        ("user", Condition(("*",), negated=True), "ann", False),
        ("user", Condition(("a?n",), negated=True), "ann", False),
        ("user", Condition(("a?n",), negated=True), "an", True),
        ("user", Condition(("a[bn]n",)), "ann", False),
        ("user", Condition(("a[b*",)), "a[bc", True),
        ("user", Condition(("a*",)), "a\nb", True),
        ("model", Condition(("GPT-5",)), "gpt-5", True),
        ("model", Condition(("gpt-5*",)), "GPT-5-mini", True),
        ("model", Condition(("gpt-5",), negated=True), "GPT-5", False),
        ("group", Condition(("a",)), ("b", "a"), True),
        ("group", Condition(("a",)), ("b", "c"), False),
        ("group", Condition(("a",), negated=True), ("b", "a"), False),
        ("group", Condition(("a",), negated=True), ("b",), True),
        ("group", Condition(("a",)), UNKNOWN_GROUPS, True),
        ("group", Condition(("a",), negated=True), UNKNOWN_GROUPS, True),
    ],
)
def test_a_value_meets_a_condition(name: str, condition: Condition, value: Value, meets: bool) -> None:
    """As it is written; models in any case; one of several groups is enough; what is absent is not there."""
    assert judge(name, condition)(value) is meets


@given(st.text("ab*?", max_size=6), st.text("ab*?", max_size=6))
def test_patterns_mean_what_a_shells_do(pattern: str, value: str) -> None:
    """But for brackets, which stand for themselves."""
    assert bool(matcher("user", pattern)(value)) == fnmatchcase(value, pattern)
    assert is_pattern(pattern) or (pattern == value) == fnmatchcase(value, pattern)


def test_values_are_compared_and_kept_in_one_form() -> None:
    """Models in lower case, all else as it is."""
    assert (folded("model", "GPT"), folded("user", "Ann")) == ("gpt", "Ann")
    assert (values("model", "GPT"), values("user", "Ann")) == (("gpt",), ("Ann",))
    assert (values("group", ("B", "a")), values("user", None)) == (("B", "a"), ())


@pytest.mark.parametrize(
    ("text", "other", "all"),
    [
        ("*", "gpt-*", True),
        ("gpt-*", "gpt-5", True),
        ("gpt-*", "gpt-?*", True),
        ("gpt-?", "gpt-?", True),
        ("*-mini*", "gpt-*-mini", True),
        ("a[1]*", "a[1]b", True),
        ("gpt-?", "gpt-*", False),
        ("gpt-5", "gpt-*", False),
        ("gpt-5*", "gpt-*", False),
        ("gpt-?", "gpt-10", False),
        ("a[12]", "a1", False),
    ],
)
def test_a_pattern_covers_what_means_no_more(text: str, other: str, all: bool) -> None:
    assert covers(text, other) is all
