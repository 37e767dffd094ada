"""What an operator's list changes; by hand, in USD at the prices of 2026-11-24 (genai-prices 0.2.3)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tollway.prices.compare import Difference, differences, models, unmatched
from tollway.prices.overrides import Override

TODAY = date(2026, 11, 24)


def rows(*given: dict[str, Any]) -> list[Override]:
    """A list as an operator writes it."""
    return [Override.model_validate(row) for row in given]


def found(*given: dict[str, Any]) -> list[Difference]:
    """What it changes."""
    return list(differences(rows(*given), TODAY))


def changes(*given: dict[str, Any]) -> list[tuple[str, str, int, str | None, str]]:
    """Model, key, step, old and new."""
    return [
        (
            it.model,
            it.key,
            it.above,
            None if it.old is None else f"{it.old.normalize():f}",
            f"{it.new.normalize():f}",
        )
        for it in found(*given)
    ]


def test_each_price_that_differs_with_the_change_in_percent() -> None:
    """gpt-5: 1.25 -> 1, output stays 10."""
    [only] = found({"model": "gpt-5", "input": 1, "output": 10})

    assert (only.provider, only.model, only.tier, only.on) == ("openai", "gpt-5", "standard", TODAY)
    assert (only.key, only.above, only.old, only.new) == ("input", 0, Decimal("1.25"), Decimal(1))
    assert only.percent == -20


def test_steps_of_a_long_context_are_told_where_they_differ_otherwise() -> None:
    """gpt-5.4: 2.5 and 5 above 272,000; a search costs 10 at both, so what changes of it is said once."""
    assert changes({"model": "gpt-5.4", "input": 2, "web_searches": 5}) == [
        ("gpt-5.4", "input", 0, "2.5", "2"),
        ("gpt-5.4", "web_searches", 0, "10", "5"),
        ("gpt-5.4", "input", 272_000, "5", "2"),
    ]


def test_a_new_model_has_no_old_prices() -> None:
    """At a provider of one's own, at one that is known, at none."""
    price = {"input": 1, "output": 2, "web_searches": 35}
    assert changes({"provider": "vllm", "model": "llama", **price}) == [
        ("llama", "input", 0, None, "1"), ("llama", "output", 0, None, "2"),
        ("llama", "web_searches", 0, None, "35"),
    ]  # fmt: skip
    [first, *_] = found({"model": "own-model", **price})
    assert (first.provider, first.percent) == ("", None)
    assert found({"provider": "openai", "model": "own-model", **price})[0].old is None


def test_a_discount_changes_all_that_a_model_costs() -> None:
    """claude-opus-5-5: 4 / 20, cached 0.2, written 5 and 8, searches 10: less a tenth."""
    assert changes({"provider": "anthropic", "model": "claude-opus-5-5", "discount": "10%"}) == [
        ("claude-opus-5-5", "input", 0, "4", "3.6"),
        ("claude-opus-5-5", "output", 0, "20", "18"),
        ("claude-opus-5-5", "cache_read", 0, "0.2", "0.18"),
        ("claude-opus-5-5", "cache_write", 0, "5", "4.5"),
        ("claude-opus-5-5", "cache_write_1h", 0, "8", "7.2"),
        ("claude-opus-5-5", "web_searches", 0, "10", "9"),
    ]


def test_free_and_another_models_price_are_changes() -> None:
    """gpt-5-nano 0.05 / 0.4; as gpt-5-mini 0.25 / 2."""
    free = changes({"provider": "openai", "model": "gpt-5-nano", "free": True})
    same = changes({"model": "gpt-5-nano", "same_as": "openai/gpt-5-mini"})

    assert ("gpt-5-nano", "input", 0, "0.05", "0") in free
    assert ("gpt-5-nano", "output", 0, "0.4", "2") in same


def test_what_is_written_as_it_is_built_in_changes_nothing() -> None:
    assert found({"model": "gpt-5", "input": "1.25", "output": 10, "cache_read": "0.125"}) == []


def test_a_pattern_means_every_model_of_the_list_that_matches_it() -> None:
    """Of a provider, or of the one that makes each."""
    [row] = rows({"provider": "gemini", "model": "gemini-3.8-flash*", "input": 1})
    [every] = rows({"model": "claude-opus-5*", "input": 1})

    assert ("gemini", "gemini-3.8-flash") in models(row, TODAY)
    assert {provider for provider, _ in models(row, TODAY)} == {"gemini"}
    assert ("anthropic", "claude-opus-5-5") in models(every, TODAY)
    assert ("copilot", "claude-opus-5.5") in models(every, TODAY)
    assert ("github-copilot", "claude-opus-5.5") not in models(every, TODAY)


def test_a_model_is_compared_once_however_many_entries_are_about_it() -> None:
    """By what all of them come to: 1.25 -> 2, the last that matches."""
    given = ({"model": "gpt-5", "input": 1}, {"model": "gpt-5", "input": 2})

    assert changes(*given) == [("gpt-5", "input", 0, "1.25", "2")]


@pytest.mark.parametrize(
    ("dates", "on"),
    [
        ({}, TODAY),
        ({"from": "2027-01-01"}, date(2027, 1, 1)),
        ({"until": "2026-10-01"}, date(2026, 10, 1)),
        ({"from": "2026-01-01", "until": "2027-01-01"}, TODAY),
    ],
)
def test_an_entry_is_compared_on_a_day_it_holds(dates: dict[str, str], on: date) -> None:
    [only] = found({"model": "gpt-5", "output": 11, **dates})

    assert only.on == on


def test_an_entry_for_a_tier_or_a_host_is_compared_there() -> None:
    """gpt-5 in flex 0.625; gpt-5.4-mini in the EU 0.75 x 1.1."""
    [flex] = [it for it in found({"model": "gpt-5", "tier": "flex", "output": 6}) if it.key == "output"]
    europe = found({"model": "gpt-5.4-mini", "host": "eu.api.openai.com", "input": "0.7"})
    [anywhere, *_] = found({"model": "gpt-5.4-mini", "host": "*.openai.com", "discount": "10%"})

    assert (flex.tier, flex.old) == ("flex", Decimal(5))
    assert europe[0].old == Decimal("0.825")
    assert (anywhere.key, anywhere.new) == ("input", Decimal("0.675"))


def test_entries_that_nothing_matches_are_named() -> None:
    given = rows(
        {"model": "gpt-5", "input": 1},
        {"provider": "vllm", "model": "llama-*", "input": 1},
        {"provider": "vllm", "free": True},
    )

    assert unmatched(given, TODAY) == [1, 2]
