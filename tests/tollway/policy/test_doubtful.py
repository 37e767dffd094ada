"""What parses and can't be meant; tests/tollway/cli/test_check.py has how it is told."""

from datetime import date

import pytest
import yaml

from tests.tollway.policy.written import policy
from tollway.policy.alerts import Alerts
from tollway.policy.doubtful import doubts, open_secrets

TODAY = date(2026, 11, 24)
ROUTES = "routes: {r: [{from: x, to: openai/y}]}\n"


def doubts_of(more: str) -> list[tuple[tuple[str | int, ...], str]]:
    """The doubts about a limit of these words."""
    text = f"{ROUTES}limits: [{{name: a, window: day, {more}}}]"
    return list(doubts(policy(text).limits[0], yaml.safe_load(text)["limits"][0], TODAY))


@pytest.mark.parametrize(
    ("more", "way", "said"),
    [
        ("amount: 1 USD, match: {program: x}", ("match", "program"), "clients choose their program"),
        ("amount: 1 USD, match: {tag.a: x}", ("match", "tag.a"), "clients choose their tag.a"),
        ("amount: 1 USD, per: session", ("per",), "another bucket"),
        ("amount: 1 USD, per: [user, session]", ("per", 1), "another bucket"),
        ("amount: 1 USD, alerts: [50%, 120%]", ("alerts", 1), "never spent to 120%"),
        ("amount: 1 USD, raises: [{amount: 1 USD, until: 2026-11-23}]", ("raises", 0, "until"), "has ended"),
        ("amount: 1 USD, enforce: shadow, then: [block]", ("then",), "only reports"),
        ("amount: 1 USD, enforce: shadow, at: {80%: {route: r}}", ("at",), "no call is moved by it"),
        ("amount: 1 USD, then: [clamp, block, clamp]", ("then", 2), "nothing that follows"),
        ("amount: 1 USD, enforce: soft, then: [clamp]", ("then", 0), "not admitted sooner"),
        ("amount: 1 requests, then: [clamp]", ("then", 0), "a clamp lowers the output"),
        ("amount: 1M input tokens, then: [clamp]", ("then", 0), "of input tokens"),
        ("amount: 1 USD, then: [wait 6m]", ("then", 0), "longer than 5 minutes"),
        ("amount: 1 requests, then: [{route: r}]", ("then", 0), "meets this limit as full"),
        ("amount: 1 USD, enforce: soft, then: [{route: r}]", ("then", 0), "for every model"),
        ("amount: 1M tokens, notional: true", ("notional",), "in any case"),
        ("amount: 2000 tokens", ("amount",), "begins at 2048 tokens"),
        ("amount: 1k input tokens, then: [block]", ("amount",), "none fits"),
        ('amount: 1 USD, match: {model: "(gpt|claude)"}', ("match", "model"), "* and ? alone are wild"),
        ('amount: 1 USD, match: {operation: "!chat"}', ("match", "operation"), "in '!chat'"),
        ("amount: 1 USD, floor: 5, then: [block]", ("floor",), "nothing is clamped"),
    ],
)
def test_a_limit_that_can_not_be_meant(more: str, way: tuple[str | int, ...], said: str) -> None:
    (doubt,) = doubts_of(more)

    assert (doubt[0], said in doubt[1]) == (way, True)


@pytest.mark.parametrize(
    "more",
    [
        "amount: 1 USD, match: {user: x}, per: [team], alerts: [100%]",
        "amount: 1 USD, enforce: soft, match: {program: x}, alerts: [150%]",
        "amount: 1 USD, raises: [{amount: 1 USD, until: 2026-11-24}]",
        "amount: 1 USD, then: [clamp, wait 5m, {route: r}, block]",
        "amount: 1 requests, match: {model: x}, then: [{route: r}]",
        "amount: 1 requests, enforce: soft, at: {80%: {route: r}, 100%: {route: r}}",
        "amount: 1 requests, per: provider, then: [{route: r}]",
        "amount: 1 USD, notional: true, floor: 5",
        "amount: 2048 tokens",
        "amount: 1k tokens, match: {operation: embeddings}",
        "amount: 1k tokens, raises: [{amount: 2k tokens, until: 2026-11-24}]",
        "amount: 1k tokens, enforce: soft",
        "amount: 1k output tokens",
        'amount: 1 USD, match: {model: ["claude-opus-4-8[1m]", "anthropic.*"], team: "a|b"}',
    ],
)
def test_a_limit_that_can_be_meant(more: str) -> None:
    assert doubts_of(more) == []


def test_an_address_in_the_file_itself_is_open_to_its_readers() -> None:
    """It is not repeated."""
    (doubt,) = open_secrets(Alerts(webhook="https://hooks.example/s3cret"))

    assert doubt[0] == ("alerts", "webhook")
    assert "whoever reads this file can write there" in doubt[1]
    assert "s3cret" not in doubt[1]


@pytest.mark.parametrize("webhook", [None, "env:TOLLWAY_ALERT_URL"])
def test_a_variable_keeps_it(webhook: str | None) -> None:
    assert list(open_secrets(Alerts(webhook=webhook))) == []


def test_what_is_said_of_a_webhook_that_is_not_there_is_about_nothing() -> None:
    found = list(open_secrets(policy("alerts: {format: teams, secret: env:A}").alerts))

    assert [way for way, _ in found] == [("alerts", "format"), ("alerts", "secret")]
    assert {why for _, why in found} == {"there is no webhook that it is about: nothing is sent"}
    assert list(open_secrets(policy("alerts: {on: [level]}").alerts)) == []
