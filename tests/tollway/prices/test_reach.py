import pytest

from tollway.prices import reach
from tollway.prices.reach import OTHER
from tollway.prices.tables import tables


@pytest.mark.parametrize(
    ("provider", "asked", "tiers"),
    [
        ("openai", None, ("standard", "flex", "priority", OTHER)),
        ("openai", "Auto", ("standard", "flex", "priority", OTHER)),
        ("openai", "default", ("standard",)),
        ("openai", "FAST", ("priority", "standard")),
        ("openai", "flex", ("flex", "standard")),
        ("openai", "ultrafast", ("ultrafast", "standard")),
        ("openai", "scale", ("scale", "standard", "flex", "priority", OTHER)),
        ("anthropic", None, ("standard", "priority", OTHER)),
        ("anthropic", "standard_only", ("standard",)),
        ("gemini", None, ("standard", OTHER)),
        ("groq", "flex", ("standard",)),
        ("bedrock", None, ("standard", "flex", "priority", OTHER)),
        ("nobody", "priority", ("priority", "standard")),
        ("nobody", None, ("standard", OTHER)),
    ],
)
def test_tiers_that_may_serve(provider: str, asked: str | None, tiers: tuple[str, ...]) -> None:
    assert reach.tiers(provider, asked) == tiers


@pytest.mark.parametrize(
    ("provider", "asked", "speeds"),
    [
        ("anthropic", None, (None, "fast", OTHER)),
        ("anthropic", "", (None,)),
        ("anthropic", "standard", (None,)),
        ("anthropic", "Fast", (None, "fast")),
        ("bedrock", None, (None, "optimized", OTHER)),
        ("openai", None, (None, OTHER)),
    ],
)
def test_speeds_that_may_serve(provider: str, asked: str | None, speeds: tuple[str | None, ...]) -> None:
    assert reach.speeds(provider, asked) == speeds


def test_places_that_a_provider_may_name() -> None:
    assert reach.places("anthropic-aws") == (None, "us")
    assert reach.places("openai") == (None,)


def test_a_routers_upstreams_may_charge_more_than_the_list_says() -> None:
    assert reach.times("openrouter") == 2
    assert reach.times("openai") == 1


@pytest.mark.parametrize(
    ("provider", "body", "speed"),
    [
        ("anthropic", {"speed": "fast"}, "fast"),
        ("anthropic", {"model": "m"}, ""),
        ("anthropic", {"speed": 3}, None),
        ("anthropic", {"speed": None}, None),
        ("bedrock", {"speed": "fast"}, None),
        ("nobody", {}, ""),
    ],
)
def test_the_speed_that_a_body_asks_for(provider: str, body: dict[str, object], speed: str | None) -> None:
    assert reach.speed_asked(provider, body) == speed


def test_rows_are_of_providers_that_have_habits() -> None:
    _, rows = reach._rows()

    assert set(rows) <= set(tables().habits)


def test_every_tier_of_a_row_is_one_of_ours() -> None:
    usual, rows = reach._rows()

    known = {"standard", "priority", "flex"}
    assert {tier for row in (usual, *rows.values()) for tier in row.unsaid} <= known
