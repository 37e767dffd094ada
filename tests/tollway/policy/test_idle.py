"""Routes that nothing leads to."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.idle import idle

RULES = '[{from: "claude-*", to: groq/openai/gpt-oss-120b}, {from: azure/gpt-5, to: azure/gpt-5-mini}]'


def limit(match: str) -> str:
    """A limit that has such calls routed."""
    return (
        f"limits: [{{name: a, amount: 1 USD, window: day, match: {match}, then: [wait 1s, {{route: r}}]}}]\n"
    )


def test_what_is_used_is_not_idle() -> None:
    text = f"routes: {{r: {RULES}}}\ncredentials: {{groq: {{inject: env:GROQ_KEY}}, openai: passthrough}}\n"

    assert list(idle(policy(text + limit("{}")))) == []


def test_a_route_that_no_limit_names_is_never_taken() -> None:
    (doubt,) = idle(policy(f"routes: {{r: {RULES}}}"))

    why = "no limit, rate, `always` or `on_request` names this route: no call takes it"
    assert doubt == (("routes", "r"), why)


def test_a_route_that_callers_may_ask_for_is_used() -> None:
    assert list(idle(policy(f"routes: {{r: {RULES}}}\non_request: [{{routes: [r]}}]"))) == []


def level(match: str) -> str:
    """A limit with a level, for such calls."""
    entry = f"name: a, amount: 1 USD, window: day, match: {match}, at: {{80%: {{route: r}}}}"
    return f"routes: {{r: {RULES}}}\nlimits: [{{{entry}}}]"


def test_a_route_that_only_a_level_names_is_used() -> None:
    assert list(idle(policy(level("{}")))) == []


def test_a_levels_route_that_is_not_about_its_limits_models_is_never_taken() -> None:
    (doubt,) = idle(policy(level("{model: gemini-3-pro}")))

    assert doubt[0] == ("limits", 0, "at", "80%", "route")
    assert "no rule of r is about the models of this limit" in doubt[1]


@pytest.mark.parametrize(
    "match", ["{model: gemini-3-pro}", '{model: ["gpt-6*", gpt-4o]}', '{model: "gemini-*"}']
)
def test_a_route_that_is_not_about_a_limits_models_is_never_taken(match: str) -> None:
    (doubt,) = idle(policy(f"routes: {{r: {RULES}}}\n{limit(match)}"))

    assert doubt[0] == ("limits", 0, "then", 1, "route")
    assert "no rule of r is about the models of this limit" in doubt[1]


@pytest.mark.parametrize(
    "match",
    [
        "{}",
        "{team: x}",
        '{model: "*"}',
        '{model: "c*"}',
        "{model: [gemini-3-pro, gpt-5]}",
        '{model: {not: "claude-*"}}',
        "{model: Claude-Opus-5}",
        '{model: "gpt-*"}',
    ],
)
def test_a_route_that_may_be_about_a_limits_models_is_taken(match: str) -> None:
    text = f"identity: [{{networks: {{10.0.0.0/8: {{team: x}}}}}}]\nroutes: {{r: {RULES}}}\n{limit(match)}"

    assert list(idle(policy(text))) == []
