"""What holds of every price, whatever the model, the tier and the usage."""

from functools import cache
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tollway.prices.calls import BOOK, call, facts
from tollway.model import USAGE_FIELDS, Cost, Usage
from tollway.prices import catalogue, lookup
from tollway.prices.resolve import resolve
from tollway.prices.tables import tables


@cache
def priced_models() -> list[tuple[str, str]]:
    """Each provider of our table with each model of its first list that its name finds."""
    found = []
    for provider, habit in tables().habits.items():
        for list in catalogue.expanded(habit.lists)[:1]:
            for info in catalogue.models(list):
                hit = lookup.find(facts(provider, info.id), habit)
                if hit is not None and not hit.rule:
                    found.append((provider, info.id))
    return found


models = st.deferred(lambda: st.sampled_from(priced_models()))
counts = st.none() | st.integers(0, 400_000)
usages = st.builds(Usage, **dict.fromkeys(USAGE_FIELDS, counts))
UNITS = ("web_searches", "images", "seconds", "characters", "pages", "requests", "output_tokens")
tiers = st.sampled_from(["standard", "flex", "batch", "priority", "ultrafast", "odd"])


def price(model: tuple[str, str], usage: Usage, **said: Any) -> Cost:
    """What the usage costs."""
    provider, name = model
    counts: dict[str, Any] = dict(usage.known())
    return BOOK.price(call(provider, name, **counts, **said))


def test_thousands_of_models_are_priced() -> None:
    assert len(priced_models()) > 1500


@settings(max_examples=300, deadline=None)
@given(models, usages, tiers)
def test_the_parts_sum_to_the_total_and_none_is_negative(
    model: tuple[str, str], usage: Usage, tier: str
) -> None:
    cost = price(model, usage, tier=tier)

    parts = (cost.input_nano, cost.cache_read_nano, cost.cache_write_nano, cost.output_nano, cost.other_nano)
    assert min(parts) >= 0
    assert sum(parts) == cost.nano


@settings(max_examples=300, deadline=None)
@given(
    models,
    st.integers(0, 400_000),
    st.integers(0, 400_000),
    st.sampled_from(UNITS),
    tiers,
)
def test_more_of_anything_never_costs_less(
    model: tuple[str, str], tokens: int, more: int, unit: str, tier: str
) -> None:
    """But where a model has no price of tokens: they cost the dearest until a unit that it prices is told."""
    some = {"input_tokens": tokens, "output_tokens": 10, "requests": 1}
    few = price(model, Usage(**some), tier=tier)
    assume("unknown_price" not in few.flags)
    longer = price(model, Usage(**some | {"input_tokens": tokens + more}), tier=tier)
    many = price(model, Usage(**some | {unit: 10 + more}), tier=tier)

    assert longer.nano >= few.nano
    assert many.nano >= few.nano


@settings(max_examples=300, deadline=None)
@given(models, st.integers(1, 400_000), st.integers(0, 400_000), tiers)
def test_cached_input_costs_no_more_than_uncached(
    model: tuple[str, str], tokens: int, read: int, tier: str
) -> None:
    read = min(read, tokens)
    plain = price(model, Usage(input_tokens=tokens, output_tokens=1), tier=tier)

    cached = price(model, Usage(input_tokens=tokens, cache_read_tokens=read, output_tokens=1), tier=tier)

    assert cached.nano <= plain.nano + 1  # each part is rounded by itself


@settings(max_examples=300, deadline=None)
@given(models, usages, st.sampled_from(["batch", "flex"]))
def test_batches_and_flex_cost_no_more_than_the_standard_tier(
    model: tuple[str, str], usage: Usage, tier: str
) -> None:
    """And where a price of theirs is known, of tokens less."""
    standard, cheaper = price(model, usage), price(model, usage, tier=tier)

    assert cheaper.nano <= standard.nano


@settings(max_examples=300, deadline=None)
@given(models, st.integers(0, 400_000), tiers)
def test_every_rate_of_a_longer_context_is_as_dear_or_dearer(
    model: tuple[str, str], tokens: int, tier: str
) -> None:
    schedule = resolve(facts(*model, tier=tier), ()).schedule
    first, here = schedule.at(0), schedule.at(tokens)

    assert here.input >= first.input
    assert here.output >= first.output
    assert here.cache_read >= first.cache_read
