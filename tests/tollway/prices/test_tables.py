from datetime import UTC, datetime

import pytest
from genai_prices.data import providers
from genai_prices.types import TimeOfDateConstraint

from tollway.prices import catalogue
from tollway.prices.rates import FIELDS, TOKENS
from tollway.prices.tables import Clock, Modifier, tables

LISTS = {provider.id for provider in providers}


def test_every_list_that_a_provider_is_looked_up_in_exists() -> None:
    for name, habit in tables().habits.items():
        assert catalogue.expanded(habit.lists) or habit.local, name
        assert {id for id in habit.lists if "*" not in id} <= LISTS, name


def test_every_tier_is_one_that_has_a_price_somewhere() -> None:
    priced = {row.tier for row in tables().modifiers} | set(tables().contexts) | {"standard"}

    for name, habit in tables().habits.items():
        assert set(habit.tiers.values()) <= priced, name
        assert all(tier == tier.lower() for tier in habit.tiers), name
    assert tables().cheaper <= set(tables().contexts)


@pytest.mark.parametrize("row", tables().modifiers, ids=lambda row: row.name)
def test_every_modifier_has_a_source_and_works_on_prices_that_exist(row: Modifier) -> None:
    assert row.source.startswith("https://")
    assert set(row.parts) <= set(TOKENS)
    assert row.fill is None or {row.fill, row.of} <= set(FIELDS)
    assert row.fill or row.once or row.set or row.times != 1
    assert set(row.set) <= set(FIELDS)
    assert row.above is None or row.above > 0
    assert set(row.provider) <= tables().habits.keys()


@pytest.mark.parametrize("row", tables().clocks, ids=lambda row: row.name)
def test_every_clock_has_a_source_and_days_of_the_week(row: Clock) -> None:
    assert row.source.startswith("https://")
    assert set(row.days) <= set(range(1, 8))


def test_prices_change_on_half_hours_only() -> None:
    """The price book keeps rates for half an hour."""
    constraints = [
        price.constraint
        for provider in providers
        for info in provider.models
        for price in (info.prices if isinstance(info.prices, list) else ())
        if isinstance(price.constraint, TimeOfDateConstraint)
    ]

    times = {time for constraint in constraints for time in (constraint.start_time, constraint.end_time)}
    utc = {datetime.combine(datetime(2026, 1, 1), time).astimezone(UTC) for time in times if time.tzinfo}

    assert constraints
    assert len(utc) == len(times)
    assert {(at.minute, at.second) for at in utc} <= {(0, 0), (30, 0)}


def test_a_provider_without_a_row_is_looked_up_under_its_own_name() -> None:
    assert tables().habit("novita").lists == ("novita",)
    assert catalogue.expanded(tables().habit("nobody").lists) == ()
