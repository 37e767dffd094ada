"""Access rules without effect, or without force."""

import json
from datetime import date
from typing import Any

import pytest

from tollway.policy.access_doubts import access_doubts, conditions
from tollway.policy.load import load, warnings

REST: dict[str, Any] = {"default": "deny"}
ALLOW: dict[str, Any] = {"allow": {"provider": "openai"}}


def text(*rules: dict[str, Any]) -> str:
    return json.dumps({"version": 1, "access": list(rules)})


def found(*rules: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """The doubts about these rules, without where they are."""
    return [(way[1:], why) for way, why in access_doubts(load(text(*rules), "p.yaml").access)]


def test_sound_rules_are_not_doubted() -> None:
    assert found({"deny": {"model": "*opus*"}, "unless": {"role": "lead"}}, ALLOW, REST) == []


def test_an_allow_rule_alone_does_nothing() -> None:
    ((way, why),) = found(ALLOW)

    assert way == (0, "allow")
    assert why == "does nothing: without `default: deny`, what no rule denies is allowed"


def test_a_default_alone_refuses_every_call() -> None:
    assert found(REST, {"deny": {"user": "ann"}}) == [
        ((0, "default"), "no rule allows anything: every call is refused")
    ]


@pytest.mark.parametrize(
    ("rule", "way", "why"),
    [
        (
            {"deny": {"program": "curl"}},
            (0, "deny", "program"),
            "program: one that says another is not denied",
        ),
        ({"deny": {"tag.a": "x"}}, (0, "deny", "tag.a"), "tag.a: one that says another is not denied"),
        ({"allow": {"session": "x"}}, (0, "allow", "session"), "session: one that says so is allowed"),
        (
            {"deny": {}, "unless": {"tag.a": "x"}},
            (0, "unless", "tag.a"),
            "tag.a: one that says so is not denied",
        ),
        (
            {"allow": {}, "unless": {"tag.a": "x"}},
            (0, "unless", "tag.a"),
            "tag.a: one that says another is allowed",
        ),
    ],
)
def test_what_clients_choose_holds_nobody(rule: dict[str, Any], way: tuple[str | int, ...], why: str) -> None:
    rest = [REST, ALLOW] if "allow" in rule else []

    assert found(rule, *rest) == [(way, f"clients choose their {why}")]


def test_patterns_of_another_kind_are_doubted() -> None:
    ((way, why),) = found({"deny": {"model": "/opus/"}})

    assert way == (0, "deny", "model")
    assert why.startswith("in '/opus/', * and ? alone are wild")


def test_conditions_that_no_call_can_meet_are_doubted_as_those_of_limits_are() -> None:
    said = warnings(
        text({"deny": {"provider": "anthropc"}, "unless": {"team": "x"}}), "p.yaml", date(2026, 11, 28)
    )

    assert [(each.path, each.message) for each in said] == [
        ("access[0].deny.provider", "no call can match: no provider is called so; did you mean anthropic?"),
        ("access[0].unless.team", "no call can match: `identity` gives no call a team"),
    ]


def test_all_conditions_of_an_entry_are_found() -> None:
    (entry,) = load(text({"deny": {"user": "a"}, "unless": {"role": "b"}}), "p.yaml").access

    assert [key for key, _ in conditions(entry)] == ["deny", "unless"]
