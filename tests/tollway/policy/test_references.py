"""What entries of a policy say of each other must hold together; tests/data/policies/bad has each message."""

import pytest

from tests.tollway.policy.written import policy
from tollway.errors import PolicyError

LIMIT = "amount: 1 USD, window: day"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"limits: [{{name: a, {LIMIT}}}, {{name: a, {LIMIT}}}]", "a stands twice: it is the name of"),
        (f"limits: [{{name: a, {LIMIT}}}, {{name: b, id: a, {LIMIT}}}]", "it is the name of limits[0], too"),
        (f"limits: [{{name: a, {LIMIT}, then: [{{route: x}}]}}]", "no route is called 'x'"),
        (
            "routes: {down: [{from: a, to: openai/b}]}\n"
            f"limits: [{{name: a, {LIMIT}, then: [{{route: dwn}}]}}]",
            "did you mean down?",
        ),
        (
            f"limits: [{{name: a, {LIMIT}, raises: [{{amount: 5 requests, until: 2026-12-31}}]}}]",
            "must be in the limit's own unit",
        ),
        ("routes: {r: [{from: gpt-5, to: openai/gpt-5}]}", "leads gpt-5 to itself"),
        ("routes: {r: [{from: openai/gpt-5, to: openai/same}]}", "leads openai/gpt-5 to itself"),
        (
            "routes: {r: [{from: a, to: openai/b}, {from: b, to: openai/a}]}",
            "leads in a circle: openai/b -> openai/a -> openai/b",
        ),
        ("routes: {r: [{from: a, to: opnai/b}]}", "no provider is called 'opnai'; did you mean openai?"),
        ("credentials: {nobody: passthrough}", "no provider is called 'nobody'"),
        (
            "identity: [{networks: {10.0.0.0/8: {team: a}, \"::ffff:10.0.0.0/104\": {team: b}}}]",
            "names the network 10.0.0.0/8 once more",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_told(text: str, said: str) -> None:
    with pytest.raises(PolicyError) as raised:
        policy(text)

    assert said in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        'routes: {r: [{from: "gpt-*", to: openai/gpt-5-mini}]}',
        "routes: {r: [{from: a, to: openai/b}, {from: b, to: openai/c}]}",
        "routes: {r: [{from: a, to: groq/same}]}",
        f"limits: [{{name: a, {LIMIT}, id: x}}, {{name: b, {LIMIT}, id: y}}]",
        "credentials: {openai: passthrough}\nproviders: []",
    ],
)
def test_what_holds_together_is_a_policy(text: str) -> None:
    assert policy(text).version == 1
