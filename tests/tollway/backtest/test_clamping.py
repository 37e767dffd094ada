"""Calls with a smaller answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.backtest.samples import BOOK, attempt, call
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.attempt import Attempt
from tollway.backtest.clamping import clamped, least, unclamped
from tollway.backtest.here import Here
from tollway.backtest.kinds import Kinds
from tollway.backtest.load import Load
from tollway.backtest.moving import Moving
from tollway.backtest.pricing import Pricing
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.model import Billing, Usage

PRICING = Pricing(BOOK)
BOUND = Amounts(nano=25_993_000, input_tokens=2_116, output_tokens=1_000, requests=1)


def placed(text: str, **fields: Any) -> tuple[Attempt, Here, list[Balance]]:
    """A call, where it is, and how its buckets stand."""
    fields = {"usage": Usage(input_tokens=40, output_tokens=1_000), "nano": 10_000, **fields}
    chosen = policy(text)
    kinds = Kinds(chosen)
    one = attempt(call("a", **fields), kinds.names)
    here = Moving(chosen, kinds, PRICING).first(one, NOON_US)
    return one, here, [purse.balance(0) for purse in here.kind.purses]


def day(amount: str, more: str = "") -> str:
    return f"limits: [{{name: day, amount: {amount}, window: day{more}}}]"


def made(text: str, **fields: Any) -> Load | None:
    one, here, balances = placed(text, **fields)
    return clamped(one, here, balances, PRICING)


def test_an_answer_that_was_shorter_than_the_clamp_costs_what_it_cost() -> None:
    """353 tokens are left for it, and it had 12."""
    found = made(day("0.015 USD"), bound=BOUND, nano=170_000, usage=Usage(input_tokens=20, output_tokens=12))

    assert found is not None
    assert found.holds == (14_994_000, 2_469, 2_116, 353, 1)
    assert found.charges == (170_000, 32, 20, 12, 1)


def test_a_longer_one_is_cut() -> None:
    """Of 1,000 tokens at 6 each, 353 are left."""
    found = made(day("0.015 USD"), bound=BOUND)

    assert found is not None
    assert found.charges == (4_000 + 353 * 6, 393, 40, 353, 1)


def test_tokens_are_clamped_to_tokens() -> None:
    found = made(day("540 tokens"))

    assert found is not None
    assert found.holds == found.charges == (7_000, 540, 40, 500, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"operation": "embeddings"},
        {"billing": Billing.NOTIONAL},
        {"usage": Usage(input_tokens=40)},
        {"cache": "hit"},
    ],
    ids=["writes nothing", "flat plan", "no output", "hit"],
)
def test_what_has_no_output_maximum_or_is_not_to_be_changed_is_not_clamped(fields: dict[str, Any]) -> None:
    text = day("540 tokens", ", notional: true") + "\ncache: [{ttl: 1h}]"

    assert made(text, **fields) is None
    one, here, _ = placed(text, **fields)
    assert least(one, here, PRICING) is here.load


def test_a_clamp_is_never_too_small_to_be_of_use() -> None:
    """256 tokens at the least, more for a model that thinks; or what the policy says."""
    assert made(day("295 tokens")) is None
    assert made(day("296 tokens")) is not None
    assert made(day("140 tokens", ", floor: 100")) is not None
    assert made(day("800 tokens"), model="gpt-5") is None


def test_requests_are_not_made_fewer_by_it_and_no_call_larger() -> None:
    assert made(day("5 requests")) is None
    assert made(day("5000 tokens")) is None


def test_the_input_has_to_fit() -> None:
    assert made(day("0.0000039 USD")) is None


def test_an_output_that_costs_nothing_takes_no_room() -> None:
    """It can't be why the call does not fit."""
    from tollway.model import Cost

    assert made(day("0.0000039 USD"), cost=Cost(input_nano=4_000)) is None
    assert made(day("0.000009 USD"), cost=Cost(input_nano=4_000)) is None


def test_the_smallest_that_a_clamp_makes_of_it() -> None:
    one, here, _ = placed(day("540 tokens"))
    small = placed(day("540 tokens"), usage=Usage(input_tokens=40, output_tokens=200))

    assert least(one, here, PRICING).holds == (4_000 + 256 * 6, 296, 40, 256, 1)
    assert least(small[0], small[1], PRICING) is small[1].load


@pytest.mark.parametrize(
    ("said", "fields", "found"),
    [
        ("353", {"max_output_tokens": 1_000}, (2_116, 1_000)),
        ("353", {"max_output_tokens": None}, (2_116, 16_384)),
        ("500", {"max_output_tokens": 1_000}, (2_116, 2_000)),
        ("353", {"max_output_tokens": None, "model": "made-up"}, None),
        ("3 tool calls", {"max_output_tokens": 1_000}, None),
        ("353", {"bound": None}, None),
    ],
    ids=["the caller's", "the model's", "two answers", "neither", "a cap", "no bound"],
)
def test_what_a_clamped_call_may_have_come_to(
    said: str, fields: dict[str, Any], found: tuple[int, int] | None
) -> None:
    answers = 2 if said == "500" else 1
    bound = Amounts(nano=1, input_tokens=2_116, output_tokens=int(said.split(" ")[0]) * answers, requests=1)

    assert unclamped(attempt(call("a", **{"bound": bound, **fields})), said) == found


@given(st.integers(0, 12_000), st.integers(256, 5_000), st.booleans())
def test_what_is_clamped_fits_and_costs_no_more(amount: int, output: int, bounded: bool) -> None:
    bound = Amounts(nano=0, input_tokens=40, output_tokens=output, requests=1) if bounded else None
    text = day(f"{amount} tokens")
    one, here, balances = placed(text, usage=Usage(input_tokens=40, output_tokens=output), bound=bound)

    found = clamped(one, here, balances, PRICING)

    if found is not None:
        assert found.holds[1] <= amount
        assert found.nano <= here.load.nano
        assert found.charges[3] <= found.holds[3] < output
