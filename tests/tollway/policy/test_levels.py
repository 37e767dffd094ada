"""Levels of a limit as they are written; tests/data/policies/bad has what they can't be."""

from tests.tollway.policy.written import policy
from tollway.policy.compiled import compiled
from tollway.policy.levels import Degrade
from tollway.policy.limit import Level

ROUTES = "routes: {a: [{from: x, to: openai/y}], b: [{from: x, to: openai/z}]}\n"


def test_a_level_is_a_percentage_with_a_route() -> None:
    found = policy(ROUTES + "limits: [{name: d, amount: 1 USD, window: day, at: {80%: {route: a}}}]")

    assert found.limits[0].at == {80: Degrade(route="a")}
    assert found.limits[0].model_dump(mode="json")["at"] == {"80%": {"route": "a"}}


def test_levels_rise_in_whatever_order_they_are_written() -> None:
    text = "limits: [{name: d, amount: 1 USD, window: day, at: {100%: {route: b}, 5%: {route: a}}}]"
    found = policy(ROUTES + text)

    assert compiled(found.limits[0], found.zone).at == (Level(5, "a"), Level(100, "b"))
