"""Calls that nothing bounds, held by a slice: what hard limits hold of them, and why one does not."""

from collections.abc import Mapping

import pytest

from tests.tollway.admitting import ENDPOINT, asked, governing
from tollway.budget.amounts import Amounts, Unit
from tollway.candidate import Candidate
from tollway.model import Asked

DOLLAR = {Unit.USD: 10**9}
TOKENS = {Unit.INPUT: 16_000, Unit.OUTPUT: 4_000}


def sliced(limit: str, slice: Mapping[Unit, int], model: str | None = "gpt-realtime") -> Candidate:
    """A spoken answer under one limit."""
    call = asked(endpoint=ENDPOINT, asked=Asked(model=model, stream=True), slice=slice)
    return governing(f"limits: [{{name: day, window: day, {limit}}}]").candidates.any(call)


@pytest.mark.parametrize(
    ("amount", "slice", "held"),
    [
        ("5 USD", DOLLAR, 10**9),
        ("1M tokens", TOKENS, 20_000),
        ("1M input tokens", TOKENS, 16_000),
        ("1M output tokens", TOKENS, 4_000),
        ("9 requests", {}, 1),
    ],
)
def test_a_slice_is_what_is_held(amount: str, slice: Mapping[Unit, int], held: int) -> None:
    candidate = sliced(f"amount: {amount}", slice)

    assert candidate.unholdable is None
    assert [want.hold for want in candidate.wants] == [held]


def test_it_is_what_the_row_says_that_the_call_can_come_to() -> None:
    """And so what it is charged if nobody learns what it did."""
    assert sliced("amount: 5 USD", DOLLAR).row.bound == Amounts(nano=10**9, requests=1)


@pytest.mark.parametrize(
    ("amount", "slice", "lacks"),
    [
        ("5 USD", {}, "no slice of USD is set"),
        ("5 USD", TOKENS, "no slice of USD is set"),
        ("1M tokens", DOLLAR, "no slice of input tokens is set"),
        ("1M tokens", {Unit.INPUT: 1}, "no slice of output tokens is set"),
    ],
)
def test_without_one_a_hard_limit_holds_nothing(amount: str, slice: Mapping[Unit, int], lacks: str) -> None:
    candidate = sliced(f"amount: {amount}", slice)

    assert candidate.unholdable is not None
    assert lacks in candidate.unholdable[1]


@pytest.mark.parametrize("model", ["made-up-voice", None])
def test_what_has_no_known_price_is_not_held_in_dollars(model: str | None) -> None:
    candidate = sliced("amount: 5 USD", DOLLAR, model)

    assert candidate.unholdable is not None
    assert "no price of" in candidate.unholdable[1]


def test_a_soft_limit_needs_none() -> None:
    candidate = sliced("amount: 5 USD, enforce: soft", {})

    assert (candidate.unholdable, candidate.row.bound) == (None, None)
