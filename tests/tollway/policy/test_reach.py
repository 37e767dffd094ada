"""Limits that are in nobody's way, and conditions and buckets that tell no calls apart."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.reach import contradictions, needs_providers, undivided, unreachable

IDENTITY = """
identity:
  - networks: {10.20.0.0/16: {service: ci, team: platform, groups: [a, b]}}
  - networks: {10.30.0.0/16: {team: Research}}
"""


NAMED = {"provider": {"openai"}, "operation": {"chat", "embeddings"}}


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ("{team: x}", "no call can match: `identity` knows of a team only Research, platform"),
        ("{team: [x, y]}", "knows of a team only"),
        ("{group: c}", "knows of a group only a, b"),
        ("{user: ann}", "`identity` gives no call a user"),
        ("{network: 10.0.0.0/8}", "knows of a network only"),
        ("{provider: opnai}", "no call can match: no provider is called so; did you mean openai?"),
        ("{operation: chats}", "no operation is called so; did you mean chat?"),
        ("{operation: xyz}", "no operation is called so"),
        ("{provider: {not: \"*\"}}", "every call has a provider: no call can match"),
        ("{operation: {not: \"*\"}}", "every call has an operation: no call can match"),
        ("{team: {not: x}}", "it keeps no call out: `identity` knows of a team only"),
        ("{provider: {not: x}}", "it keeps no call out: no provider is called so"),
    ],
)  # fmt: skip
def test_a_condition_that_no_call_or_every_call_meets(match: str, said: str) -> None:
    found = policy(f"{IDENTITY}limits: [{{name: a, match: {match}, amount: 1 USD, window: day}}]")

    (doubt,) = unreachable(found, NAMED)
    assert said in doubt[1]
    assert doubt[0][:3] == ("limits", 0, "match")


@pytest.mark.parametrize(
    "match",
    [
        "{team: platform}",
        '{team: "plat*"}',
        "{team: {not: platform}}",
        '{user: {not: "*"}}',
        "{group: [b, x]}",
        "{model: x}",
        '{provider: "open*"}',
        "{operation: {not: chat}}",
    ],
)
def test_a_condition_that_tells_calls_apart(match: str) -> None:
    found = policy(f"{IDENTITY}limits: [{{name: a, match: {match}, amount: 1 USD, window: day}}]")

    assert list(unreachable(found, NAMED)) == []


ROUTE = "routes: {cheap: [{from: 'claude-*', to: anthropic/claude-haiku-4-5}]}"


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("access: [{deny: {team: x}}]", ("access", 0, "deny")),
        (
            "routes: {a: [{from: 'claude-*', when: {team: x}, to: anthropic/claude-haiku-4-5}]}",
            ("routes", "a", 0, "when"),
        ),
        (f"{ROUTE}\nalways: [{{match: {{team: x}}, route: cheap}}]", ("always", 0, "match")),
        (f"{ROUTE}\non_request: [{{match: {{team: x}}, routes: [cheap]}}]", ("on_request", 0, "match")),
        (
            "credentials: {openai: [{match: {team: x}, inject: 'env:KEY'}]}",
            ("credentials", "openai", 0, "match"),
        ),
    ],
)
def test_conditions_of_every_section_are_looked_at(written: str, way: tuple[str | int, ...]) -> None:
    (doubt,) = unreachable(policy(f"{IDENTITY}{written}"), NAMED)

    assert doubt[0][: len(way)] == way
    assert "`identity` knows of a team only" in doubt[1]


def test_where_providers_are_not_known_none_is_missed() -> None:
    found = policy("limits: [{name: a, match: {provider: x}, amount: 1 USD, window: day}]")

    assert list(unreachable(found, {})) == []
    assert needs_providers(found)
    assert not needs_providers(policy(""))


@pytest.mark.parametrize(
    ("per", "whom"), [("user", ["user"]), ("[team, user, model]", ["user"]), ("team", [])]
)
def test_a_bucket_for_each_of_whom_nobody_knows_is_one_for_all(per: str, whom: list[str]) -> None:
    found = policy(f"{IDENTITY}limits: [{{name: a, per: {per}, amount: 1 USD, window: day}}]")

    said = [
        (("limits", 0, "per"), f"`identity` gives no call a {one}: all calls share one bucket")
        for one in whom
    ]
    assert list(undivided(found)) == said


def test_an_amount_that_another_limit_never_lets_be_reached() -> None:
    text = """
limits:
  - {name: d, amount: 50 USD, window: day}
  - {name: h, amount: 5 USD, window: hour}
  - {name: r, amount: 45 USD, window: rolling 12h}
  - {name: m, amount: 40 USD, window: month}
  - {name: d2, amount: 51 USD, window: day}
  - {name: h2, amount: 6 USD, window: hour}
  - {name: other, per: team, amount: 90 USD, window: day}
  - {name: seen, amount: 90 USD, window: hour, enforce: shadow}
"""
    found = list(contradictions(policy(text).limits))

    assert [way for way, _ in found] == [("limits", i, "amount") for i in (0, 2, 4, 5)]
    assert "m has less, 40 USD, for a longer window" in found[0][1]
    assert "h has less, 5 USD, for the same window" in found[3][1]


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("virtual_keys: true", {"user", "team", "role", "service", "group"}),
        ("api_keys: {file: keys.yaml}", {"user", "team", "role", "service", "group"}),
        ("provider_token: {claims: {user: email}}", {"user"}),
    ],
)
def test_what_stands_in_keys_and_tokens_is_not_known_here(source: str, given: set[str]) -> None:
    names = ("user", "team", "role", "service", "group")
    limits = [f"{{name: {name}, match: {{{name}: x}}, amount: 1 USD, window: day}}" for name in names]
    found = policy(f"identity: [{{{source}}}]\nlimits: [{', '.join(limits)}]")

    assert {way[-1] for way, _ in unreachable(found, {})} == set(names) - given


def test_a_key_for_nobody_is_never_put() -> None:
    networks = "identity: [{networks: {10.0.0.0/8: {team: a}}}]\n"
    found = policy(networks + "credentials: {openai: [{match: {team: b}, inject: env:A}]}")

    assert [way for way, _ in unreachable(found, {})] == [("credentials", "openai", 0, "match", "team")]
