import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tests.tollway.prices.calls import EACH, MILLION, call
from tollway.model import Cost
from tollway.money import usd
from tollway.prices import PriceBook, overrides
from tollway.prices.overrides import Override

_TEXT = str(overrides.__doc__)
EXAMPLES = yaml.safe_load(_TEXT[_TEXT.index("    prices:") : _TEXT.index("\n`provider`")])["prices"]


def write(*rows: dict[str, Any]) -> list[Override]:
    """Overrides as a policy has them."""
    return [Override.model_validate(row) for row in rows]


def price(rows: list[dict[str, Any]], provider: str, asked: str, **said: Any) -> Cost:
    return PriceBook(write(*rows)).price(call(provider, asked, **said))


def dollars(rows: list[dict[str, Any]], provider: str, asked: str, **said: Any) -> str:
    return usd(price(rows, provider, asked, **said).nano)


def test_the_examples_of_the_docstring_are_valid() -> None:
    assert len(write(*EXAMPLES)) == 10


@pytest.mark.parametrize(
    ("provider", "asked", "host", "expected"),
    [
        ("openai", "gpt-6-sol", "x", "9.6"),  # 1.6 + 8
        ("anthropic", "claude-sonnet-5", "x", "10.56"),  # 2 + 10, less 12 %
        ("azure", "gpt-5", "contoso-eu.openai.azure.com", "12.375"),  # 11.25 and a tenth
        ("azure", "my-deployment", "x", "2.25"),  # as gpt-5-mini: 0.25 + 2
        ("internal-vllm", "llama-4-finetuned", "x", "0.8001"),
        ("internal-vllm", "anything", "x", "0"),
        (
            "bedrock",
            "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2c3",
            "x",
            "33",
        ),  # 5.5 + 27.5
    ],
)
def test_the_examples_do_what_they_say(provider: str, asked: str, host: str, expected: str) -> None:
    assert dollars(EXAMPLES, provider, asked, host=host, **EACH) == expected


@pytest.mark.parametrize(
    ("model", "said", "expected"),
    [
        ("painter", {"operation": "images", "images": 3}, "0.06"),
        ("speaker-2", {"operation": "speech", "characters": 1_000}, "0.012"),
        ("speaker-2", {"operation": "transcription", "seconds": 60}, "0.006"),
        ("speaker-2", {"operation": "ocr", "pages": 4}, "0.004"),
    ],
)
def test_the_examples_price_what_is_billed_by_no_tokens(
    model: str, said: dict[str, Any], expected: str
) -> None:
    """3 x 0.02; 1000 of 12 a million; 60 x 0.0001; 4 x 0.001: known whole, so nothing is flagged."""
    cost = price(EXAMPLES, "internal-media", model, **said)

    assert (usd(cost.nano), cost.flags) == (expected, ())


def test_a_new_model_costs_what_was_written() -> None:
    """0.2 + 0.6 + 0.0001 for the request; cached tokens, of which nothing is said, cost what input does."""
    rows = [{"provider": "vllm", "model": "llama", "input": "0.20", "output": "0.60", "request": "0.0001"}]

    cost = price(rows, "vllm", "llama", **EACH, cache_read_tokens=MILLION)

    assert (cost.nano, cost.flags) == (800_100_000, ())
    assert re.fullmatch(r"genai-prices 0\.2\.3\+overrides:[0-9a-f]{8} vllm prices\[0\]", cost.price_version)


def test_half_a_price_for_a_new_model_leaves_it_unknown() -> None:
    """Output 1, input the dearest there is: 150."""
    cost = price([{"model": "novel", "output": 1}], "openai", "novel", **EACH)

    assert (cost.nano, cost.flags) == (151_000_000_000, ("unknown_price",))


def test_new_embeddings_need_no_price_of_output() -> None:
    cost = price(
        [{"model": "novel", "input": 1}], "openai", "novel", operation="embeddings", input_tokens=MILLION
    )

    assert (cost.nano, cost.flags) == (1_000_000_000, ())


def test_an_agreed_price_changes_only_what_it_gives() -> None:
    """gpt-5: input 1, output stays 10, cached stays 0.125."""
    cost = price([{"model": "gpt-5", "input": 1}], "openai", "gpt-5", **EACH, cache_read_tokens=200_000)

    assert (cost.input_nano, cost.cache_read_nano, cost.output_nano) == (
        800_000_000,
        25_000_000,
        10_000_000_000,
    )


def test_every_key_of_an_agreed_price_counts() -> None:
    """0.4 x 1 + 0.1 x 2 + 0.2 x 3 + 0.3 x 4 + 1 x 5 + 2 x 0.006 + 7 = 14.412."""
    row = {"model": "claude-sonnet-5", "input": 1, "cache_read": 2, "cache_write": 3, "cache_write_1h": 4,
           "output": 5, "web_searches": 6, "request": 7}  # fmt: skip
    usage = {"input_tokens": MILLION, "cache_read_tokens": 100_000, "cache_write_tokens": 500_000,
             "cache_write_1h_tokens": 300_000, "output_tokens": MILLION, "web_searches": 2}  # fmt: skip

    assert dollars([row], "anthropic", "claude-sonnet-5", **usage) == "14.412"


def test_agreed_prices_hold_for_every_region_and_tier_unless_they_name_one() -> None:
    rows = [{"model": "gpt-5.4", "input": 1, "output": 1}]
    named = [{"model": "gpt-5.4", "tier": "flex", "input": 1, "output": 1}]
    region = {"host": "eu.api.openai.com", "input_tokens": 1000, "output_tokens": 1000}

    assert dollars(rows, "openai", "gpt-5.4", **region, tier="priority") == "0.002"
    assert dollars(named, "openai", "gpt-5.4", **region, tier="flex") == "0.002"
    assert dollars(named, "openai", "gpt-5.4", **region) == "0.01925"


def test_an_agreed_price_has_no_step_for_long_contexts() -> None:
    """claude-sonnet-4-5 doubles above 200000 tokens; agreed is 3."""
    assert (
        dollars([{"model": "*sonnet*", "input": 3}], "anthropic", "claude-sonnet-4-5", input_tokens=MILLION)
        == "3"
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [(30, "11.25"), (1, "2"), (15, "2"), (16, "11.25")],
    ids=["eve", "from", "until", "after"],
)
def test_days_are_utc_and_both_included(day: int, expected: str) -> None:
    rows = [{"model": "gpt-5", "from": "2026-10-01", "until": "2026-10-15", "input": 1, "output": 1}]
    at = datetime(2026, 9 if day == 30 else 10, day, 23, 59, tzinfo=UTC)

    assert dollars(rows, "openai", "gpt-5", **EACH, at=at) == expected


def test_of_prices_and_of_discounts_the_last_that_matches_holds() -> None:
    rows: list[dict[str, Any]] = [
        {"provider": "openai", "discount": "50%"},
        {"model": "gpt-5*", "input": 100, "output": 100},
        {"model": "gpt-5", "input": 4, "output": 6},
        {"model": "gpt-5", "discount": "10%"},
        {"provider": "azure", "discount": "90%"},
    ]

    cost = price(rows, "openai", "gpt-5", **EACH)

    assert cost.nano == 9_000_000_000
    assert cost.price_version.endswith("openai/gpt-5 prices[2] prices[3]")


def test_a_discount_covers_fees_too() -> None:
    """10 per 1,000 searches, less a quarter."""
    rows = [{"provider": "openai", "discount": "25%"}]

    assert dollars(rows, "openai", "gpt-5", input_tokens=0, web_searches=1000) == "7.5"


def test_what_a_flat_plan_covers_has_no_discount() -> None:
    rows = [{"provider": "*", "model": "gpt-*", "discount": "50%"}]

    assert dollars(rows, "openai", "gpt-5", **EACH) == "5.625"
    assert dollars(rows, "openai", "gpt-5", **EACH, notional=True) == "11.25"
    assert dollars(rows, "chatgpt", "gpt-5", **EACH) == "11.25"


def test_what_a_provider_reports_is_never_changed() -> None:
    rows = [{"provider": "xai", "discount": "50%"}]

    assert price(rows, "xai", "grok-4.5", **EACH, cost_nano=77).nano == 77


def test_models_are_known_by_what_was_asked_what_served_and_the_lists_name() -> None:
    served = {"model": "gpt-4o-2024-11-20", "host": "x", **EACH}

    for pattern in ("Production", "gpt-4o-2024-11-20", "gpt-4o"):
        assert dollars([{"model": pattern, "free": True}], "azure", "production", **served) == "0"
    assert dollars([{"model": "gpt-4", "free": True}], "azure", "production", **served) == "12.5"


def test_same_as_takes_the_other_models_price_in_this_calls_circumstances() -> None:
    """gpt-5.4 costs twice 2.5 above 272000 tokens and a tenth more in the EU: 0.3 x 5 = 1.5, and 0.15."""
    rows = [{"model": "alias", "same_as": "openai/gpt-5.4"}]

    cost = price(rows, "openai", "alias", input_tokens=300_000, host="eu.api.openai.com")

    assert cost.nano == 1_650_000_000
    assert cost.price_version.endswith(" openai/gpt-5.4 region x1.1 prices[0]")


def test_a_target_that_no_list_knows_leaves_the_model_unknown_and_is_a_problem() -> None:
    book = PriceBook(
        write({"model": "a", "same_as": "openai/gpt-5"}, {"model": "b", "same_as": "openai/gpt-99"})
    )

    assert book.price(call("openai", "b", **EACH)).flags == ("unknown_price",)
    assert book.problems() == [
        "prices[1].same_as: no price list knows 'openai/gpt-99': write provider/model, as in openai/gpt-5"
    ]


def test_free_is_said() -> None:
    cost = price([{"model": "gpt-5", "free": True}], "openai", "gpt-5", **EACH, tool_calls=3, web_searches=1)

    assert (cost.nano, cost.flags) == (0, ("free",))


def test_the_version_changes_with_the_meaning_of_the_overrides_only() -> None:
    one = PriceBook(write({"model": "gpt-5", "input": 1.10, "until": "2026-12-31"}))
    same = PriceBook(write({"until": date(2026, 12, 31), "model": "gpt-5", "provider": "*", "input": "1.1"}))
    other = PriceBook(write({"model": "gpt-5", "input": "1.11", "until": "2026-12-31"}))

    assert one.version == same.version != other.version


def test_amounts_are_exactly_as_written() -> None:
    row = yaml.safe_load("{model: x, input: 1.1, output: 3}")

    assert write(row)[0].amounts() == {"input": Decimal("1.1"), "output": Decimal(3)}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"model": "x"}, "say one thing: prices, discount, same_as or free; this entry says none of them"),
        ({"model": "x", "input": 1, "free": True}, "this entry says prices and free"),
        ({"model": "x", "discount": "5%", "same_as": "a/b"}, "this entry says discount and same_as"),
        ({"provider": "openai", "input": 1}, "prices: for which model? Write `model: gpt-5-mini`"),
        ({"provider": "openai", "same_as": "a/b"}, "same_as: for which model?"),
        ({"discount": "5%"}, "say what it is for: a provider, a model or a host"),
        ({"model": "x", "free": True, "from": "2026-02-01", "until": "2026-01-01"}, "is before from 2026"),
        ({"model": "x", "discount": 15}, "write a percentage, such as 12%, not 15"),
        ({"model": "x", "discount": "many%"}, "write a percentage, such as 12%, not 'many%'"),
        ({"model": "x", "discount": "101%"}, "at most 100% (and a surcharge at most -1000%), not 101%"),
        ({"model": "x", "discount": "-1001%"}, "not -1001%"),
        ({"model": "x", "discount": "nan%"}, "not nan%"),
        ({"model": "x", "input": True}, "write an amount in USD, such as 2.50, not True"),
        ({"model": "x", "input": [1]}, "write an amount in USD, such as 2.50, not [1]"),
        ({"model": "x", "input": -1}, "greater than or equal to 0"),
        ({"model": "x", "input": "nan"}, "finite number"),
        ({"model": "x", "input": 10**7}, "less than or equal to 1000000"),
        ({"model": "x", "inputs": 1}, "Extra inputs are not permitted"),
        ({"model": "x", "same_as": "gpt-5"}, "should match pattern"),
        ({"model": "", "free": True}, "at least 1 character"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(row: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Override.model_validate(row)

    assert message in str(caught.value)
