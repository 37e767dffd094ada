"""What entries of a policy say of each other must hold together.

tests/data/policies/bad has each way in which it may not, with its message; here is what looks like it, and is
sound.
"""

import pytest

from tests.tollway.policy.written import policy

LIMIT = "amount: 1 USD, window: day"
TOKENS = "issuer: 'https://login.example.com/', audience: tollway"


@pytest.mark.parametrize(
    "text",
    [
        'routes: {r: [{from: "gpt-*", to: openai/gpt-5-mini}]}',
        "routes: {r: [{from: a, to: openai/b}, {from: b, to: openai/c}]}",
        "routes: {r: [{from: a, to: groq/same}]}",
        f"limits: [{{name: a, {LIMIT}, id: x}}, {{name: b, {LIMIT}, id: y}}]",
        "credentials: {openai: passthrough}\nproviders: []",
        f"identity: [{{proxy_jwt: {{{TOKENS}}}}}, {{header_jwt: {{header: X-Caller-Token, {TOKENS}}}}}]",
    ],
)
def test_what_holds_together_is_a_policy(text: str) -> None:
    assert policy(text).version == 1


@pytest.mark.parametrize("to", ["same", "openai/same", "openai/gpt-5"])
def test_a_rule_that_sets_something_may_leave_a_call_where_it_is(to: str) -> None:
    rule = f"{{from: openai/gpt-5, to: {to}, set: {{seed: 1}}}}"

    assert policy(f"routes: {{r: [{rule}]}}").routes["r"][0].settings == (("seed", 1),)
