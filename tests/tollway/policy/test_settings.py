"""What `set` may say; tests/data/policies/bad has what it may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollway.policy.written import policy
from tollway.policy.settings import SetEntry


def test_a_rule_knows_what_it_sets() -> None:
    said = "{temperature: 0.2, top_p: drop, reasoning_effort: none, service_tier: flex, max_output_tokens: 9}"
    (rule, other) = policy(
        f'routes: {{r: [{{from: "gpt-*", to: same, set: {said}}}, {{from: a, to: openai/b}}]}}'
    ).routes["r"]

    assert rule.settings == (
        ("reasoning_effort", "none"),
        ("temperature", 0.2),
        ("top_p", "drop"),
        ("service_tier", "flex"),
        ("max_output_tokens", 9),
    )
    assert other.settings == ()


@pytest.mark.parametrize(
    "said",
    [
        {"temperature": 0},
        {"temperature": 2},
        {"top_p": 1.0},
        {"top_k": 1},
        {"presence_penalty": -2},
        {"frequency_penalty": "drop"},
        {"seed": 0},
        {"verbosity": "high"},
        {"reasoning_effort": "xhigh"},
    ],
)
def test_values_at_the_edge_are_taken(said: dict[str, Any]) -> None:
    assert SetEntry.model_validate(said).settings == tuple(said.items())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"temperature": 2.1}, "write a number of 0 to 2, or drop"),
        ({"temperature": True}, "write a number of 0 to 2, or drop"),
        ({"temperature": None}, "write a number of 0 to 2, or drop"),
        ({"top_k": 0}, "write a whole number, 1 or more, or drop"),
        ({"seed": 1.5}, "write a whole number, 0 or more, or drop"),
        ({"seed": False}, "write a whole number, 0 or more, or drop"),
        ({"verbosity": "none"}, "write low, medium, high or drop"),
        ({"service_tier": ["flex"]}, "write auto, standard, flex, priority or drop"),
        ({"max_output_tokens": 0}, "greater than or equal to 1"),
        ({"max_output_tokens": "drop"}, "valid integer"),
        ({}, "must not be empty"),
        ({"stop": "drop"}, "not permitted"),
    ],
)
def test_others_are_not(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        SetEntry.model_validate(said)
