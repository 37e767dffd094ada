"""What a model costs, as a value; by hand, in USD at `calls.NOW` (genai-prices 0.2.3)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.tollway.prices.calls import facts
from tollway.prices.card import Card, amounts, card, homes, near, told
from tollway.prices.overrides import Override
from tollway.prices.rates import rates
from tollway.prices.terms import Layer


def of(provider: str, model: str, *rows: dict[str, Any], **said: Any) -> Card:
    """The card of a model under overrides."""
    layer = Layer("prices", tuple(Override.model_validate(row) for row in rows))
    return card(facts(provider, None, asked=model, **said), [layer])


def inputs(shown: Card) -> list[tuple[str, int, str]]:
    """Tier or speed, step, and the price of input."""
    return [
        (column.speed or column.tier, step.above, str(step.amounts["input"]))
        for column in shown.columns
        for step in column.steps
    ]


def test_a_card_has_every_tier_and_step_that_is_known() -> None:
    """gpt-5.4: 2.5, twice above 272,000; half in flex and batch, twice in priority, without a step."""
    shown = of("openai", "gpt-5.4")

    assert shown.known
    assert [(name, above, Decimal(price)) for name, above, price in inputs(shown)] == [
        ("standard", 0, Decimal("2.5")),
        ("standard", 272_000, Decimal(5)),
        ("flex", 0, Decimal("1.25")),
        ("flex", 272_000, Decimal("2.5")),
        ("priority", 0, Decimal(5)),
        ("batch", 0, Decimal("1.25")),
        ("batch", 272_000, Decimal("2.5")),
    ]
    assert shown.columns[1].label == "openai/gpt-5.4 tier=flex"


def test_speeds_are_columns_too() -> None:
    """claude-opus-5-5, 4: fast twice, batch half; nova-pro, 0.8: optimized 1.25 times."""
    names = [name for name, _, _ in inputs(of("anthropic", "claude-opus-5-5"))]
    nova = {name: Decimal(price) for name, _, price in inputs(of("bedrock", "us.amazon.nova-pro-v1:0"))}

    assert names == ["standard", "batch", "fast"]
    assert nova["optimized"] == 1
    assert nova["priority"] == Decimal("1.4")


def test_what_is_asked_of_tier_and_speed_does_not_matter() -> None:
    assert of("openai", "gpt-5", tier="flex", speed="fast") == of("openai", "gpt-5")


def test_a_region_costs_more_there() -> None:
    """0.75 x 1.1."""
    shown = of("openai", "gpt-5.4-mini", host="eu.api.openai.com")

    assert shown.columns[0].steps[0].amounts["input"] == Decimal("0.825")
    assert shown.columns[0].label.endswith("region x1.1")


def test_an_unknown_model_shows_what_would_be_charged_and_names_like_it() -> None:
    shown = of("openai", "gpt-55")

    assert (shown.known, shown.columns[0].flags) == (False, ("unknown_price",))
    assert shown.columns[0].steps[0].amounts["input"] == 150
    assert "gpt-5" in shown.near
    assert len(shown.columns) == 1
    assert of("openai", "gpt-5").near == ()


def test_overrides_are_on_the_card() -> None:
    shown = of("openai", "gpt-5", {"model": "gpt-5", "input": 1, "output": 2})

    assert inputs(shown)[0] == ("standard", 0, "1")
    assert shown.columns[0].label.endswith("prices[0]")


def test_searches_that_are_billed_once_are_said_to_be() -> None:
    assert of("gemini", "gemini-2.5-pro").columns[0].once
    assert not of("gemini", "gemini-3.8-flash").columns[0].once


def test_a_model_is_at_home_with_who_makes_it_first() -> None:
    """Then with whoever else has it, in the table's order."""
    claude = homes(facts("", None, asked="claude-opus-5"))
    nova = homes(facts("", None, asked="us.amazon.nova-pro-v1:0"))

    assert claude[0] == "anthropic"
    assert {"vertex", "azure"} <= set(claude)
    assert nova[0] == "bedrock"
    assert homes(facts("", None, asked="no-such-model")) == []


def test_a_model_may_be_at_home_with_what_supplements_the_list_or_with_an_operator() -> None:
    rows = (
        {"provider": "vllm", "model": "own", "input": 1, "output": 1},
        {"provider": "azure", "discount": "5%"},
    )
    layer = Layer("list", tuple(Override.model_validate(row) for row in rows))

    assert homes(facts("", None, asked="rerank-v3.5"))[0] == "cohere"
    assert homes(facts("", None, asked="own"), [layer]) == ["vllm"]
    assert of("openai", "gpt-5").also[0] == "codex"


def test_names_like_a_name_are_of_the_providers_list_or_of_the_well_known_ones() -> None:
    assert "claude-opus-5" in near("anthropic", "claude-opus-55")
    assert "gpt-5" in near("nobody", "gpt-55")


def test_amounts_that_say_nothing_are_not_told() -> None:
    """What costs nothing, and what costs what the broader unit does; a media model's tokens."""
    plain = told(
        amounts(rates({"input": Decimal(1000), "output": Decimal(2000), "cache_write": Decimal(1250)}))
    )
    media = told(amounts(rates({"image": Decimal(40_000_000)})))
    free = told(amounts(rates({})))

    assert plain == {"input": 1, "output": 2, "cache_write": Decimal("1.25")}
    assert media == {"image": Decimal("0.04")}
    assert free == {"input": 0, "output": 0}


def test_a_card_is_of_its_time() -> None:
    """gpt-5.6-sol fell from 5 to 4 on 2026-08-21."""
    now = facts("openai", None, asked="gpt-5.6-sol")
    then = replace(now, at=now.at.replace(month=8, day=20))

    assert [card(it, ()).columns[0].steps[0].amounts["input"] for it in (then, now)] == [5, 4]
