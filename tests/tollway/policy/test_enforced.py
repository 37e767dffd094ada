"""What a call that nobody reads would get around."""

import pytest

from tollway.policy.enforced import enforced
from tollway.policy.load import load


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("limits: [{name: day, amount: 5 USD, window: day}]", "the hard limit day"),
        ("rates: [{name: burst, allow: 60 requests / minute}]", "rates"),
        ('access: [{deny: {model: "*opus*"}}]', "access rules"),
        ("guardrails: [{find: [secrets], do: block}]", "guardrails"),
        ("guardrails: [{find: [secrets], do: flag, generic: redact}]", "guardrails"),
        ("guardrails: [{find: [secrets], do: flag, unscanned: block}]", "guardrails"),
        ("identity: [{networks: {10.0.0.0/8: {user: me}}}]", "anonymous: refuse"),
        ("faults: {subscriptions: refuse}", "subscriptions: refuse"),
    ],
)
def test_what_keeps_calls_from_anything_is_named(said: str, found: str) -> None:
    assert enforced(load(f"version: 1\n{said}\n", "p.yaml")) == found


@pytest.mark.parametrize(
    "said",
    [
        "",
        "limits: [{name: day, amount: 5 USD, window: day, enforce: soft}]",
        "limits: [{name: day, amount: 5 USD, window: day, enforce: shadow}]",
        "guardrails: [{find: [secrets], do: flag}]",
        "guardrails: [{find: [secrets], do: block, shadow: true}]",
        "identity: [{networks: {10.0.0.0/8: {user: me}}}]\nanonymous: allow",
    ],
)
def test_what_only_counts_is_none_of_it(said: str) -> None:
    assert enforced(load(f"version: 1\n{said}\n", "p.yaml")) is None
