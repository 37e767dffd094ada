"""Service tiers and speeds, by hand, in USD per million tokens at `calls.NOW` (genai-prices 0.2.3)."""

from datetime import UTC, datetime

import pytest

from tests.tollway.prices.calls import EACH, MILLION, SMALL, dollars, price


@pytest.mark.parametrize(
    ("model", "tier", "usd"),
    [
        ("gpt-5", "default", "11.25"),
        ("gpt-5", "standard", "11.25"),
        ("gpt-5", "auto", "11.25"),
        ("gpt-5", "flex", "5.625"),
        ("gpt-5", "priority", "22.5"),
        ("gpt-5", "fast", "22.5"),
        ("gpt-5", "PRIORITY", "22.5"),
        ("gpt-5", "batch", "5.625"),
        ("gpt-4", "batch", "45"),
    ],
)
def test_openai_tiers_that_the_list_knows(model: str, tier: str, usd: str) -> None:
    """gpt-5, 1.25 / 10: half for flex and batch, twice for priority or fast; gpt-4, 30 / 60: half."""
    assert dollars("openai", model, **EACH, tier=tier) == usd
    assert price("openai", model, **EACH, tier=tier).flags == ()


def test_openai_ultrafast_costs_six_times_standard() -> None:
    """gpt-6-astra, 10 / 50: 100 K of each are 6, times 6."""
    cost = price("openai", "gpt-6-astra", **SMALL, tier="ultrafast")

    assert (cost.nano, cost.flags) == (36_000_000_000, ())
    assert cost.price_version.endswith("openai/gpt-6-astra tier=ultrafast ultrafast x6")


def test_a_supplied_model_has_its_own_tiers() -> None:
    """gpt-6.2-sol costs what 6.1 does, 2 / 10, but ultrafast three times until February 2027, then six."""
    march = datetime(2027, 3, 1, tzinfo=UTC)

    assert dollars("openai", "gpt-6.2-sol", **SMALL, tier="ultrafast") == "3.6"
    assert dollars("openai", "gpt-6.2-sol", **SMALL, tier="ultrafast", at=march) == "7.2"
    assert dollars("openai", "gpt-6.1-sol", **SMALL, tier="ultrafast") == "7.2"


@pytest.mark.parametrize("tier", ["ultrafast", "scale", "turbo"])
def test_a_tier_without_a_known_price_is_never_silently_standard(tier: str) -> None:
    """gpt-5's dearest known tier is priority: 2.5 + 20."""
    cost = price("openai", "gpt-5", **EACH, tier=tier)

    assert (cost.nano, cost.flags) == (22_500_000_000, ("unknown_tier",))


def test_a_tier_that_is_cheaper_but_has_no_known_price_is_charged_as_standard() -> None:
    """gpt-4.1 has no flex price: 2 + 8."""
    cost = price("openai", "gpt-4.1", **EACH, tier="flex")

    assert (cost.nano, cost.flags) == (10_000_000_000, ("unknown_tier",))


def test_the_tier_that_was_asked_for_counts_where_none_is_reported() -> None:
    assert dollars("openai", "gpt-5", **EACH, tier_asked="flex") == "5.625"
    assert dollars("openai", "gpt-5", **EACH, tier="auto", tier_asked="flex") == "5.625"
    assert dollars("openai", "gpt-5", **EACH, tier="default", tier_asked="priority") == "11.25"
    assert dollars("openai", "gpt-5", **EACH, tier="", tier_asked="auto") == "11.25"


@pytest.mark.parametrize(
    ("model", "tier", "usd"),
    [
        ("gpt-5-2025-08-07", "default", "11.25"),
        ("gpt-5-2025-08-07", "priority", "22.5"),
        ("gpt-5-mini-2025-08-07", "priority", "4.05"),
        ("gpt-4.1", "priority", "17.5"),
        ("gpt-5-2025-08-07", "flex", "5.625"),
        ("gpt-5-2025-08-07", "batch", "5.625"),
    ],
)
def test_azure_tiers_are_its_own(model: str, tier: str, usd: str) -> None:
    """1.25 / 10: twice for priority, half for flex and batch; 0.25 / 2: 1.8 times; 2 / 8: 1.75 times."""
    cost = price("azure", "my-deployment", **EACH, model=model, tier=tier)

    assert (dollars("azure", "my-deployment", **EACH, model=model, tier=tier), cost.flags) == (usd, ())


def test_before_tiers_were_recorded_they_cost_as_many_times_the_standard_price() -> None:
    """Both are on record from 2026-10-12. gpt-5 cost the same in July, gpt-5.6-sol 5 / 30, so twice that."""
    before = datetime(2026, 7, 1, tzinfo=UTC)

    same = price("openai", "gpt-5", **EACH, tier="flex", at=before)
    changed = price("openai", "gpt-5.6-sol", **SMALL, tier="priority", at=before)

    assert (same.nano, same.flags) == (5_625_000_000, ("undated_tier",))
    assert (changed.nano, changed.flags) == (7_000_000_000, ("undated_tier",))


def test_anthropic_fast_mode_and_batches() -> None:
    """claude-opus-5-5, 4 / 20: twice, or half; claude-opus-4-6, 5 / 25: six times; 4-1, 15 / 75: half."""
    assert dollars("anthropic", "claude-opus-5-5", **EACH, speed="fast") == "48"
    assert dollars("anthropic", "claude-opus-5-5", **EACH, speed="standard") == "24"
    assert dollars("anthropic", "claude-opus-4-6", **EACH, speed="fast") == "180"
    assert dollars("anthropic", "claude-opus-5-5", **EACH, tier="batch") == "12"
    assert dollars("anthropic", "claude-opus-4-1", **EACH, tier="batch") == "45"


def test_a_speed_without_a_known_price_is_flagged() -> None:
    """claude-sonnet-5 has no fast mode on record: 2 + 10; claude-opus-5-5's dearest speed is fast: 8 + 40."""
    sonnet = price("anthropic", "claude-sonnet-5", **EACH, speed="fast")
    opus = price("anthropic", "claude-opus-5-5", **EACH, speed="ludicrous")

    assert (sonnet.nano, sonnet.flags) == (12_000_000_000, ("unknown_tier",))
    assert (opus.nano, opus.flags) == (48_000_000_000, ("unknown_tier",))


def test_anthropics_committed_tier_is_charged_as_standard_and_flagged() -> None:
    cost = price("anthropic", "claude-opus-5-5", **EACH, tier="priority")

    assert (cost.nano, cost.flags) == (24_000_000_000, ("unknown_tier",))


@pytest.mark.parametrize(
    ("provider", "tier", "usd"),
    [
        ("gemini", "flex", "2.25"),
        ("gemini", "priority", "8.1"),
        ("gemini", "batch", "2.25"),
        ("vertex", "ON_DEMAND", "4.5"),
        ("vertex", "ON_DEMAND_FLEX", "2.25"),
        ("vertex", "ON_DEMAND_PRIORITY", "8.1"),
    ],
)
def test_gemini_tiers(provider: str, tier: str, usd: str) -> None:
    """gemini-3.8-flash, 0.75 / 3.75: half for flex and batch, 1.8 times for priority."""
    assert dollars(provider, "gemini-3.8-flash", **EACH, tier=tier) == usd


def test_gemini_cached_input_follows_the_tier() -> None:
    """0.075 a million, half."""
    cost = price("gemini", "gemini-3.8-flash", input_tokens=MILLION, cache_read_tokens=MILLION, tier="flex")

    assert cost.cache_read_nano == 37_500_000


def test_provisioned_throughput_is_charged_as_standard_and_flagged() -> None:
    cost = price("vertex", "gemini-3.8-flash", **EACH, tier="PROVISIONED_THROUGHPUT")

    assert (cost.nano, cost.flags) == (4_500_000_000, ("unknown_tier",))
