"""Who calls whom, as it is said on a command line."""

from typing import Any

import pytest

from tollway.decision.said import asks_for_provider, caller_in, whom
from tollway.policy.load import load

POLICY = load(
    """
version: 1
identity:
  - virtual_keys: true
  - networks: {10.30.0.0/16: {team: research}, 10.30.7.0/24: {user: ann, groups: [admins]}}
  - networks: {10.0.0.0/8: {service: ci}}
""",
    "p.yaml",
)
NOBODY = dict.fromkeys(("user", "team", "role", "service", "group"))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("10.30.0.0/16", {"team": "research", "network": "10.30.0.0/16"}),
        ("10.30.1.1", {"team": "research", "network": "10.30.0.0/16"}),
        ("10.30.7.1", {"user": "ann", "group": ("admins",), "network": "10.30.7.0/24"}),
        ("10.40.1.1", {"service": "ci", "network": "10.0.0.0/8"}),
    ],
)
def test_a_caller_is_known_by_the_network_of_the_address(text: str, known: dict[str, Any]) -> None:
    assert caller_in(POLICY, text) == {**NOBODY, **known}


def test_who_is_in_none_is_nobody_and_what_is_none_is_nothing() -> None:
    assert caller_in(POLICY, "192.168.1.1") == {}
    assert caller_in(POLICY, "10.31.0.0/16") is None
    assert caller_in(POLICY, "office") is None


@pytest.mark.parametrize(
    ("provider", "models", "found"),
    [
        (None, ("openai/gpt-5", "gpt-4o"), ("openai", ("gpt-5", "gpt-4o"))),
        (None, ("OpenAI/gpt-5",), ("openai", ("gpt-5",))),
        (None, ("qwen/qwen4",), (None, ("qwen/qwen4",))),
        (None, ("gpt-5",), (None, ("gpt-5",))),
        (None, (), (None, ())),
        ("OpenRouter", ("openai/gpt-5",), ("openrouter", ("openai/gpt-5",))),
    ],
)
def test_the_provider_may_stand_in_front_of_the_model(provider: Any, models: Any, found: Any) -> None:
    assert whom({"openai", "openrouter"}, provider, models) == found


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("", False),
        ("access: [{deny: {model: x}, unless: {provider: openai}}]", True),
        ("access: [{deny: {provider: openai}}]", True),
        ("limits: [{name: a, amount: 1 USD, window: day, match: {provider: openai}}]", True),
        ("limits: [{name: a, amount: 1 USD, window: day}]", False),
        ("record: [{match: {provider: openai}}]", True),
    ],
)
def test_a_policy_may_go_by_the_provider(text: str, asks: bool) -> None:
    assert asks_for_provider(load(f"version: 1\n{text}", "p.yaml")) is asks
