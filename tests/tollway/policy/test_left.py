"""Shares of a budget as conditions name them; tests/data/policies/bad has what they can't be."""

from fractions import Fraction
from typing import Any

import pytest

from tollway.budget.left import Left
from tollway.policy.left import is_met, key_of, written
from tollway.policy.when import When


@pytest.mark.parametrize(
    ("said", "limit", "share"),
    [
        ({"budget.left": "under 20%"}, "", (False, 20)),
        ({"budget.left": "over 99%"}, "", (True, 99)),
        ({"budget.left.team-month": "under 1%"}, "team-month", (False, 1)),
        ({"budget.left.a.b": "over 50%"}, "a.b", (True, 50)),
    ],
)
def test_a_share_is_over_or_under(said: dict[str, Any], limit: str, share: tuple[bool, int]) -> None:
    found = When.model_validate({**said, "team": "a"})

    assert found.left == {limit: share}
    assert found.attributes.keys() == {"team"}
    assert said == {key_of(limit): written(share)}


@pytest.mark.parametrize("key", ["budget", "budget.", "budget.left.", "budget.left.a b", "budget.spent"])
def test_nothing_else_is_said_of_budgets(key: str) -> None:
    with pytest.raises(ValueError, match=r"write budget.left, or budget.left.LIMIT, not 'budget"):
        When.model_validate({key: "under 20%"})


@pytest.mark.parametrize(
    "value", [20, "20%", "under 0%", "under 100%", "below 20%", "under 20", ["over 20%"]]
)
def test_what_is_no_share_says_so(value: Any) -> None:
    with pytest.raises(ValueError, match="write what is left as under 20%, or over 50%"):
        When.model_validate({"budget.left": value})


def test_a_policy_has_no_key_of_ours() -> None:
    with pytest.raises(ValueError, match="calls have no attribute 'left'"):
        When.model_validate({"left": "under 20%"})
    with pytest.raises(ValueError, match=r"not 'budget\.\*'"):
        When.model_validate({"budget.*": {"": "under 20%"}})


def test_shares_are_compared_exactly() -> None:
    """A third is more than 33%, and what nobody has spent of is all there."""
    third = Left(Fraction(1, 3), {"a": Fraction(1, 3)})

    assert is_met("", (True, 33), third)
    assert not is_met("", (False, 33), third)
    assert is_met("b", (True, 99), third)
