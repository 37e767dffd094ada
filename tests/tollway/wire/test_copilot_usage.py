"""What Copilot billed is told in nano-dollars."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.copilot_usage import cost_nano


def detail(kind: str, count: int, cost: int) -> dict[str, Any]:
    return {"token_type": kind, "token_count": count, "cost_per_batch": cost, "batch_size": 1_000_000}


DETAILS = [
    detail("input", 1000, 500_000_000_000),
    detail("cache_read", 4000, 50_000_000_000),
    detail("output", 100, 3_000_000_000_000),
]


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"total_nano_aiu": 1_000_000_000}, 10_000_000),
        ({"total_nano_aiu": 2_500_000_000_000}, 25_000_000_000),
        ({"total_nano_aiu": 150}, 2),
        ({"total_nano_aiu": 149.9}, 1),
        ({"total_nano_aiu": 0, "token_details": DETAILS}, 0),
        ({"token_details": DETAILS}, 10_000_000),
        ({"token_details": [*DETAILS, {"token_count": 1}, 3, detail("input", -1, 5)]}, 10_000_000),
        ({"token_details": [{**DETAILS[0], "batch_size": 0}]}, None),
        ({"token_details": []}, None),
        ({"token_details": "x"}, None),
        ({"total_nano_aiu": None}, None),
        ({"total_nano_aiu": True}, None),
        ({"total_nano_aiu": -1}, None),
        ({"total_nano_aiu": float("nan")}, None),
        ({"total_nano_aiu": 10**19}, None),
        ({"token_details": [{"token_count": 10**17, "cost_per_batch": 10**17, "batch_size": 1}]}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_credit_is_a_cent(usage: Any, cost: int | None) -> None:
    """A credit is 1e9 units, so a unit is a hundredth of a nano-dollar.

    Of the details: 1,000 x 500,000 + 4,000 x 50,000 + 100 x 3,000,000 units are a credit.
    """
    assert cost_nano({"copilot_usage": usage}) == cost


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
DETAIL = st.dictionaries(st.sampled_from(["token_count", "cost_per_batch", "batch_size"]), JUNK)


@given(JUNK, st.lists(DETAIL | JUNK, max_size=4))
def test_whatever_it_holds_the_cost_is_sane(total: Any, details: list[Any]) -> None:
    """Nothing is raised, and nothing is negative."""
    cost = cost_nano({"copilot_usage": {"total_nano_aiu": total, "token_details": details}})

    assert cost is None or (type(cost) is int and 0 <= cost <= 10**16)
