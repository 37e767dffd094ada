"""A limit that leads to a dearer model is told; one that may lead to a cheaper one is not."""

from datetime import date

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.dearer import dearer
from tollway.policy.doubtful import Doubt

TODAY = date(2026, 11, 24)
MORE = """
providers: [{name: corp, hosts: [llm.corp.example], serves: [{at: [/v1], set: openai}]}]
prices:
  - {provider: corp, model: small, input: 1, output: 2}
  - {provider: corp, model: large, input: 3, output: 4}
credentials: {corp: {inject: env:CORP_KEY}, groq: {inject: env:GROQ_KEY}}
"""


def told(rule: str, then: str = "{route: r}", more: str = MORE) -> list[Doubt]:
    """What is told of a rule of a limit's route."""
    limit = f"limits: [{{name: day, amount: 1 USD, window: day, then: [{then}, block]}}]"
    return list(dearer(policy(f"{limit}\nroutes: {{r: [{{{rule}}}]}}\n{more}"), TODAY))


@pytest.mark.parametrize(
    ("rule", "way", "target"),
    [
        ("from: gpt-4o-mini, to: openai/gpt-4o", ("to",), "openai/gpt-4o"),
        ("from: openai/GPT-4o-mini, to: openai/gpt-4o", ("to",), "openai/gpt-4o"),
        ('from: "claude-haiku-*", to: anthropic/claude-opus-4-1', ("to",), "anthropic/claude-opus-4-1"),
        ('from: "anthropic/claude-haiku-4*", to: openai/gpt-5-pro', ("to",), "openai/gpt-5-pro"),
        ("from: gpt-5, to: [openai/gpt-5-mini, openai/gpt-5-pro]", ("to", 1), "openai/gpt-5-pro"),
        (
            "from: gpt-5, split: {90%: openai/gpt-5-mini, 10%: openai/gpt-5-pro}", ("split", "10%"),
            "openai/gpt-5-pro",
        ),
        ("from: corp/small, to: corp/large", ("to",), "corp/large"),
        ("from: small, to: corp/large", ("to",), "corp/large"),
    ],
)  # fmt: skip
def test_a_dearer_target_is_told(rule: str, way: tuple[str | int, ...], target: str) -> None:
    (found,) = told(rule)

    meant = rule.split(", ")[0].removeprefix("from: ").strip('"')
    assert found == (
        ("routes", "r", 0, *way),
        f"{target} costs more than all that {meant} means, and the limit day leads calls there as it is"
        " used up",
    )


@pytest.mark.parametrize(
    "rule",
    [
        "from: gpt-4o, to: openai/gpt-4o-mini",
        "from: gpt-4o, to: openai/gpt-4o-2024-11-20",
        'from: "*", to: openai/gpt-5',
        'from: "gpt-*", to: openai/gpt-5',
        "from: a-model-to-come, to: openai/gpt-5-pro",
        "from: gpt-5-mini, to: openai/a-model-to-come",
        "from: gpt-5-mini, to: groq/same",
        "from: gpt-5-mini, to: same, set: {seed: 1}",
        "from: corp/large, to: corp/small",
        'from: "corp/*", to: openai/gpt-5-pro',
        "from: text-embedding-3-small, to: openai/text-embedding-3-large",
    ],
)
def test_a_target_that_is_not_known_to_be_dearer_is_not(rule: str) -> None:
    """Prices of what only has an input are not compared."""
    assert told(rule) == []


def test_who_routes_without_a_limit_may_mean_a_dearer_model() -> None:
    rule = "from: gpt-4o-mini, to: openai/gpt-4o"

    assert told(rule, then="wait 1s", more="always: [{route: r}]") == []


def test_a_route_of_two_limits_is_told_once() -> None:
    limits = "".join(
        f"  - {{name: {name}, amount: 1 USD, window: day, then: [{{route: r}}]}}\n" for name in "ab"
    )
    text = f"limits:\n{limits}routes: {{r: [{{from: gpt-4o-mini, to: openai/gpt-4o}}]}}"

    (found,) = dearer(policy(text), TODAY)
    assert "the limit a leads" in found[1]


def test_a_level_leads_there_too() -> None:
    limit = "limits: [{name: day, amount: 1 USD, window: day, at: {80%: {route: r}}}]"
    found = list(
        dearer(policy(f"{limit}\nroutes: {{r: [{{from: gpt-4o-mini, to: openai/gpt-4o}}]}}\n"), TODAY)
    )

    assert [way for way, _ in found] == [("routes", "r", 0, "to")]
