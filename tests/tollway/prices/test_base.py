"""Prices before the operator's terms: the list's with what it lacks, or the dearest known; never nothing."""

from decimal import Decimal
from typing import Any

import pytest

from tests.tollway.prices.calls import facts
from tollway.prices import base, lookup
from tollway.prices.base import Base
from tollway.prices.rates import ALWAYS
from tollway.prices.tables import Habit, tables

US_EAST5 = "us-east5-aiplatform.googleapis.com"


def habit(provider: str) -> Habit:
    """How a provider bills."""
    return tables().habit(provider)


def listed(provider: str, model: str, **said: Any) -> Base:
    """The prices of a model that a list knows."""
    call = facts(provider, model, **said)
    entry = lookup.find(call, habit(provider))
    assert entry is not None
    return base.listed(call, habit(provider), entry)


@pytest.mark.parametrize(
    ("provider", "model", "said", "label", "micro"),
    [
        # USD per million tokens are nano-dollars per token, over a thousand.
        ("anthropic", "claude-sonnet-4-5", {}, "anthropic/claude-sonnet-4-5", (3, 15)),
        # 5 and 25, 1.1 times: https://platform.claude.com/docs/en/about-claude/pricing (inference_geo)
        ("anthropic", "claude-opus-4-8", {"geo": "us"}, "anthropic/claude-opus-4-8 geo=us x1.1", (5.5, 27.5)),
        ("openai", "gpt-5", {}, "openai/gpt-5", (1.25, 10)),
        ("openai", "gpt-5", {"tier": "flex"}, "openai/gpt-5 tier=flex", (0.625, 5)),
        (
            "vertex",
            "claude-sonnet-4-5",
            {"host": US_EAST5},
            "google/claude-sonnet-4-5 region x1.1",
            (3.3, 16.5),
        ),
        ("openai", "gpt-5-2026-01-31", {}, "openai/gpt-5 rule=date-suffix", (1.25, 10)),
    ],
    ids=["plain", "geo", "standard", "flex", "region", "date"],
)
def test_a_listed_price_says_which_entry_and_what_was_done_to_it(
    provider: str, model: str, said: dict[str, Any], label: str, micro: tuple[float, float]
) -> None:
    """Its label is the ledger's price version."""
    found = listed(provider, model, **said)

    assert (found.label, found.flags) == (label, ())
    assert [found.ladder[0][1][unit] for unit in ("input", "output")] == [
        Decimal(str(dollars)) * 1000 for dollars in micro
    ]


def test_a_long_context_has_its_own_prices() -> None:
    """Sonnet 4.5: above 200,000 tokens of input 6 and 22.5 in place of 3 and 15."""
    (first, low), (step, high) = listed("anthropic", "claude-sonnet-4-5").ladder

    assert (first, step) == (ALWAYS, 200_000)
    assert [low["input"], low["output"]] == [3_000, 15_000]
    assert [high["input"], high["output"]] == [6_000, 22_500]


def test_searches_have_a_price_where_the_list_has_none() -> None:
    """10 USD per thousand at OpenAI and Anthropic, 35 at Google before Gemini 3: nano-dollars each."""
    assert listed("anthropic", "claude-opus-4-8").ladder[0][1]["web_search"] == 10_000_000
    assert listed("gemini", "gemini-2.5-pro").ladder[0][1]["web_search"] == 35_000_000


@pytest.mark.parametrize(("model", "once"), [("gemini-2.5-pro", True), ("gemini-3-flash-preview", False)])
def test_gemini_2_bills_its_searches_once_a_request(model: str, once: bool) -> None:
    """Gemini 3 bills each."""
    assert listed("gemini", model).once is once


def test_a_tier_that_nobody_knows_is_flagged_and_is_no_cheaper() -> None:
    """The dearest of the model's tiers."""
    odd, standard = listed("openai", "gpt-5", tier="odd"), listed("openai", "gpt-5")

    assert odd.flags == ("unknown_tier",)
    assert odd.ladder[0][1]["input"] > standard.ladder[0][1]["input"]


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini", "mistral", "no-such-provider"])
@pytest.mark.parametrize("operation", ["chat", "embeddings"])
def test_an_unknown_model_costs_no_less_than_any_that_is_known(provider: str, operation: str) -> None:
    """Flagged, and never zero."""
    call = facts(provider, "novel", operation=operation)
    found = base.unknown(call, habit(provider))
    prices = found.ladder[0][1]

    assert found.flags == (base.UNKNOWN_PRICE,)
    assert found.label.startswith("dearest of ")
    assert prices["input"] > 0
    assert operation == "embeddings" or prices["output"] > 0


def test_the_dearest_of_a_provider_is_dearer_than_its_usual_models() -> None:
    """So that an unknown model is never a way round a limit."""
    unknown = base.unknown(facts("openai", "novel"), habit("openai")).ladder[0][1]
    for model in ("gpt-5", "gpt-4o", "o3"):
        known = listed("openai", model).ladder[0][1]
        assert all(unknown[unit] >= known[unit] for unit in ("input", "output", "cache_read"))


def test_modifiers_make_an_unknown_model_dearer_and_never_cheaper() -> None:
    """US-only inference, 1.1 times: 16,000 * 1.1 = 17,600 nano-dollars a token."""
    usual = base.unknown(facts("anthropic", "novel"), habit("anthropic"))
    in_us = base.unknown(facts("anthropic", "novel", geo="us"), habit("anthropic"))

    assert in_us.label == f"{usual.label} geo=us x1.1"
    assert in_us.ladder[0][1]["input"] == usual.ladder[0][1]["input"] * Decimal("1.1") == 17_600
    # Half price in the batch tier is a modifier of no unknown model.
    batch = base.unknown(facts("anthropic", "novel", tier="batch"), habit("anthropic"))
    assert batch.ladder[0][1]["input"] >= usual.ladder[0][1]["input"]


def test_what_is_free_says_so() -> None:
    """No price, and a flag; a free tool call is known to be free."""
    free = base.free("ollama/llama free")

    assert (free.label, free.flags) == ("ollama/llama free", (base.FREE_OF_CHARGE,))
    assert free.ladder == ((ALWAYS, {"tool_call": Decimal(0)}),)


@pytest.mark.parametrize(
    ("provider", "fees"),
    [
        ("openai", {"web_search": 10_000_000, "tool_call": 2_500_000}),
        ("anthropic", {"web_search": 10_000_000, "tool_call": 0}),
        ("no-such-provider", {"web_search": 35_000_000}),
    ],
)
def test_fees_are_nano_dollars_each(provider: str, fees: dict[str, int]) -> None:
    """USD per thousand in the table; where tools have no known price, there is none."""
    assert base.fees(habit(provider)) == fees
