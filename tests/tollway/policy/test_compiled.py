"""The key of a limit: the same for the same meaning, another one for another."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.compiled import compiled

BASE = {
    "name": "day",
    "match": "{user: [ann, bob], model: Claude-Opus}",
    "per": "[team, user]",
    "amount": "5 USD",
    "window": "day",
}


def key(zone: str = "UTC", **more: str) -> str:
    """The key of the base, so changed."""
    said = ", ".join(f"{name}: {value}" for name, value in {**BASE, **more}.items())
    found = policy(f"timezone: {zone}\nroutes: {{r: [{{from: x, to: openai/y}}]}}\nlimits: [{{{said}}}]")
    return compiled(found.limits[0], found.zone).key


@pytest.mark.parametrize(
    "more",
    [
        {"amount": "9 USD"},
        {"enforce": "soft"},
        {"then": "[{route: r}, block]"},
        {"at": "{80%: {route: r}}"},
        {"alerts": "[50%]"},
        {"raises": "[{amount: 1 USD, until: 2026-12-31}]"},
        {"floor": "100"},
        {"match": "{model: claude-opus, user: [bob, ann]}"},
        {"per": "[user, team]"},
    ],
    ids=[
        "amount",
        "enforce",
        "then",
        "at",
        "alerts",
        "raises",
        "floor",
        "the order of conditions",
        "of attributes",
    ],
)
def test_an_edit_that_keeps_what_was_spent(more: dict[str, str]) -> None:
    assert key(**more) == key()


@pytest.mark.parametrize(
    "more",
    [
        {"name": "other"},
        {"match": "{user: ann}"},
        {"match": "{user: {not: [ann, bob]}, model: Claude-Opus}"},
        {"per": "team"},
        {"amount": "5 requests"},
        {"window": "week"},
        {"window": "rolling 24h"},
        {"zone": "Europe/Berlin"},
        {"notional": "true"},
        {"id": "other"},
    ],
    ids=["name", "match", "negation", "per", "unit", "window", "rolling", "zone", "notional", "id"],
)
def test_an_edit_that_makes_another_limit(more: dict[str, str]) -> None:
    assert key(**more) != key()


def test_a_limit_with_an_id_may_be_renamed() -> None:
    assert key(id="d1") == key(id="d1", name="other")


def test_a_rolling_window_is_of_no_time_zone() -> None:
    assert key("UTC", window="rolling 24h") == key("Asia/Tokyo", window="rolling 24h")


def test_tokens_count_under_a_flat_plan_in_any_case() -> None:
    assert key(amount="5 tokens", notional="true") == key(amount="5 tokens")
