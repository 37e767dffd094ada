"""The section `sockets` of a policy."""

import pytest

from tollway.budget.amounts import Unit
from tollway.errors import PolicyError
from tollway.policy.load import load

LIMIT = "limits: [{name: day, amount: 1 USD, window: day%s}]\n"


@pytest.mark.parametrize(
    ("slice", "held"),
    [
        ("0.50 USD", {Unit.USD: 500_000_000}),
        (
            "[1 USD, 16k input tokens, 4k output tokens]",
            {Unit.USD: 10**9, Unit.INPUT: 16_000, Unit.OUTPUT: 4_000},
        ),
    ],
)
def test_a_slice_is_an_amount_or_one_of_each_unit(slice: str, held: dict[Unit, int]) -> None:
    assert load(f"version: 1\nsockets: {{slice: {slice}}}", "p").sockets.held == held


def test_there_is_none_where_the_policy_is_silent() -> None:
    assert load("version: 1", "p").sockets.held == {}


@pytest.mark.parametrize(
    ("slice", "said"),
    [
        ("2M tokens", "a slice is of USD, input tokens or output tokens, not 2000000 tokens"),
        ("0 USD", "a slice holds something, not 0 USD"),
        ("[1 USD, 2 USD]", "two slices are of the same unit: 2 USD"),
        ("7", "or 500 requests, not 7"),
        ("{usd: 1}", "or 500 requests, not {'usd': 1}"),
        ("many", "write an amount as"),
    ],
)
def test_what_is_no_slice_is_told(slice: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(f"version: 1\nsockets: {{slice: {slice}}}", "p")

    assert said in str(caught.value)


def test_what_passes_unread_is_a_mistake_beside_a_hard_limit() -> None:
    passing = "version: 1\nfaults: {websocket: pass}\n"
    with pytest.raises(PolicyError) as caught:
        load(passing + LIMIT % "", "p")

    assert "faults.websocket: what passes unread is not held by the hard limit day" in str(caught.value)
    assert load(passing + LIMIT % ", enforce: soft", "p").faults.websocket == "pass"
