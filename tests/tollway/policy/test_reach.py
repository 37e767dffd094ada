"""Limits that are in nobody's way."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.reach import contradictions, needs_providers, unreachable

IDENTITY = """
identity:
  - networks: {10.20.0.0/16: {service: ci, team: platform, groups: [a, b]}}
  - networks: {10.30.0.0/16: {team: Research}}
"""


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ("{team: x}", "`identity` knows of a team only Research, platform"),
        ("{team: [x, y]}", "knows of a team only"),
        ("{group: c}", "knows of a group only a, b"),
        ("{user: ann}", "`identity` gives no call a user"),
        ("{network: 10.0.0.0/8}", "knows of a network only"),
        ("{provider: opnai}", "no provider is called so"),
        ("{provider: {not: \"*\"}}", "every call has a provider"),
    ],
)  # fmt: skip
def test_a_condition_that_no_call_can_meet(match: str, said: str) -> None:
    found = policy(f"{IDENTITY}limits: [{{name: a, match: {match}, amount: 1 USD, window: day}}]")

    (doubt,) = unreachable(found, ["openai"])
    assert said in doubt[1]
    assert doubt[0][:3] == ("limits", 0, "match")


@pytest.mark.parametrize(
    "match",
    [
        "{team: platform}",
        '{team: "plat*"}',
        "{team: {not: x}}",
        "{group: [b, x]}",
        "{model: x}",
        '{provider: "open*"}',
        "{provider: {not: x}}",
    ],
)
def test_a_condition_that_a_call_can_meet(match: str) -> None:
    found = policy(f"{IDENTITY}limits: [{{name: a, match: {match}, amount: 1 USD, window: day}}]")

    assert list(unreachable(found, ["openai"])) == []


def test_where_providers_are_not_known_none_is_missed() -> None:
    found = policy("limits: [{name: a, match: {provider: x}, amount: 1 USD, window: day}]")

    assert list(unreachable(found, ())) == []
    assert needs_providers(found)
    assert not needs_providers(policy(""))


def test_an_amount_that_a_longer_window_never_lets_be_reached() -> None:
    text = """
limits:
  - {name: d, amount: 50 USD, window: day}
  - {name: h, amount: 5 USD, window: hour}
  - {name: r, amount: 45 USD, window: rolling 12h}
  - {name: m, amount: 40 USD, window: month}
  - {name: other, per: team, amount: 90 USD, window: day}
  - {name: seen, amount: 90 USD, window: hour, enforce: shadow}
"""
    found = list(contradictions(policy(text).limits))

    assert [way for way, _ in found] == [("limits", 0, "amount"), ("limits", 2, "amount")]
    assert "m has less, 40 USD, for a longer window" in found[0][1]
