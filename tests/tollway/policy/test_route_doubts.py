"""Parts of routes that never come to anything are told, with their place; what may be meant is not."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.route_doubts import route_doubts

CLAUDE = '{from: "claude-*", to: anthropic/claude-haiku-4-5}'


def doubts(rules: str, more: str = "") -> list[tuple[tuple[str | int, ...], str]]:
    """What is told of a route, each with its way from the route on."""
    return [(way, why) for way, why in route_doubts(policy(f"routes: {{r: [{rules}]}}\n{more}"))]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ('{from: "*", to: openai/gpt-5}', CLAUDE, "routes.r[0] means all of these models: this rule is left"),
        (CLAUDE, "{from: claude-opus-5, to: anthropic/claude-sonnet-5}", "routes.r[0] means all of these"),
        (CLAUDE, '{from: "claude-opus-*", to: anthropic/claude-sonnet-5}', "routes.r[0] means all of these"),
        (CLAUDE, '{from: "Claude-Opus-?", to: anthropic/claude-sonnet-5}', "routes.r[0] means all of these"),
        (CLAUDE, CLAUDE.replace("claude-*", "CLAUDE-*"), "routes.r[0] says the same: this rule changes"),
        (CLAUDE, CLAUDE.replace("to:", "when: {stream: true}, to:"), "routes.r[0] says the same"),
        (
            '{from: "openai/*", when: {tools: true}, to: openai/gpt-5}',
            '{from: openai/o3, when: {tools: true}, to: openai/gpt-5-mini}', "routes.r[0] means all of these",
        ),
    ],
)  # fmt: skip
def test_a_rule_behind_one_that_means_all_of_its_models_is_told(first: str, second: str, why: str) -> None:
    (found,) = doubts(f"{first}, {second}")

    assert found[0] == ("routes", "r", 1, "from")
    assert found[1].startswith(why)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('{from: "claude-opus-*", to: anthropic/claude-sonnet-5}', CLAUDE),
        ("{from: gpt-5, to: groq/a}", "{from: gpt-5, to: groq/b}"),
        (CLAUDE, CLAUDE.replace("}", ", set: {seed: 1}}")),
        (CLAUDE.replace("to:", "when: {stream: true}, to:"), CLAUDE),
        (CLAUDE.replace("to:", "when: {stream: true}, to:"), "{from: claude-opus-5, to: openai/gpt-5}"),
        ('{from: "gpt-?", to: openai/gpt-6}', '{from: "gpt-*", to: openai/gpt-6}'),
        ('{from: "gpt-?", to: openai/gpt-6}', '{from: "gpt-5.1", to: openai/gpt-6}'),
        ('{from: "gpt-*", to: openai/gpt-6}', '{from: "openai/gpt-5", to: openai/gpt-5-mini}'),
    ],
)
def test_rules_that_are_tried_in_turn_or_mean_others_are_meant(first: str, second: str) -> None:
    """The last may be a router's, whose models are called so."""
    assert doubts(f"{first}, {second}") == []


@pytest.mark.parametrize(
    ("rule", "way", "why"),
    [
        (
            "from: gpt-5, when: {size: under 2 B}, to: openai/a",
            ("when", "size"),
            "no request is as small: this",
        ),
        (
            'from: "gpt-*", when: {model: "claude-*"}, to: openai/a',
            ("when", "model"),
            "none of the models of",
        ),
        (
            "from: gpt-5, when: {model: {not: [x, gpt-5]}}, to: openai/a",
            ("when", "model"),
            "none of the models",
        ),
        (
            'from: "gpt-5", when: {model: {not: "*"}}, to: openai/a',
            ("when", "model"),
            "none of the models of",
        ),
        (
            'from: openai/gpt-5, when: {model: {not: "*gpt-?"}}, to: openai/a',
            ("when", "model"),
            "none of the",
        ),
        (
            "from: gpt-5, to: openai/a, on: [429]",
            ("on",),
            "there is nothing else to try when that happens: name",
        ),
        (
            "from: gpt-5, to: [openai/a, openai/b], on: [3xx, 301]",
            ("on",),
            "no provider answers so: nothing is",
        ),
    ],
)
def test_what_never_comes_is_told(rule: str, way: tuple[str, ...], why: str) -> None:
    (found,) = doubts(f"{{{rule}}}")

    assert found[0] == ("routes", "r", 0, *way)
    assert found[1].startswith(why)


@pytest.mark.parametrize(
    "rule",
    [
        "from: gpt-5, when: {size: under 3 B}, to: openai/a",
        "from: gpt-5, when: {size: over 2 B}, to: openai/a",
        'from: "gpt-*", when: {model: [claude-x, "*-5"]}, to: openai/a',
        "from: gpt-5, when: {model: {not: gpt-6}}, to: openai/a",
        'from: openai/gpt-5, when: {model: {not: "openai/*"}}, to: openai/a',
        "from: gpt-5, to: openai/a, on: [429], retries: 1",
        "from: gpt-5, to: [openai/a, openai/b], on: [302, connect]",
        "from: gpt-5, to: [openai/a, openai/b], on: [timeout 3s]",
        "from: gpt-5, split: {50%: openai/a, 20%: openai/b, 30%: openai/c}, on: [429]",
    ],
)
def test_what_may_come_is_not(rule: str) -> None:
    assert doubts(f"{{{rule}}}") == []


RULES = '{from: "*", to: openai/gpt-5-mini}'
OTHER = "other: [{from: gpt-5, to: openai/gpt-4o}]"


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (
            "{route: r}",
            "{match: {team: [a, b]}, route: other}",
            "always[0] is about all of these calls: this",
        ),
        ("{match: {team: [a, b]}, route: r}", "{match: {team: a}, route: other}", "always[0] is about all"),
        (
            '{match: {model: "GPT-*"}, route: r}',
            "{match: {model: gpt-5, team: a}, route: other}",
            "always[0] is",
        ),
        (
            "{match: {team: {not: a}}, route: r}",
            "{match: {team: {not: a}}, route: other}",
            "always[0] is about",
        ),
        (
            "{route: other}",
            "{match: {team: a}, route: other}",
            "always[0] leads all of these calls by the same",
        ),
    ],
)
def test_an_entry_of_always_behind_one_that_takes_all_of_its_calls_is_told(
    first: str, second: str, why: str
) -> None:
    (found,) = always(first, second)

    assert found[0] == ("always", 1)
    assert found[1].startswith(why)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{route: other}", "{route: r}"),
        ("{match: {team: a}, route: r}", "{match: {team: [a, b]}, route: other}"),
        ("{match: {team: a}, route: r}", "{match: {user: x}, route: other}"),
        ("{match: {team: {not: a}}, route: r}", "{match: {team: b}, route: other}"),
        ("{match: {team: a}, route: other}", "{route: other}"),
    ],
)
def test_an_entry_of_always_that_takes_other_calls_too_is_not(first: str, second: str) -> None:
    assert always(first, second) == []


def always(first: str, second: str) -> list[tuple[tuple[str | int, ...], str]]:
    """What is told of two entries."""
    who = "identity: [{networks: {10.0.0.0/8: {team: a, user: x}, 10.0.0.0/9: {team: b}}}]\n"
    text = f"{who}routes: {{r: [{RULES}], {OTHER}}}\nalways: [{first}, {second}]"
    return list(route_doubts(policy(text)))


@pytest.mark.parametrize(
    "rule", ['{from: "*", when: {tools: true}, to: openai/a}', '{from: "*", split: {100%: openai/same}}']
)
def test_a_route_that_does_not_move_every_call_leaves_some_to_the_next_entry(rule: str) -> None:
    text = f"routes: {{r: [{rule}], {OTHER}}}\nalways: [{{route: r}}, {{route: other}}]"

    assert list(route_doubts(policy(text))) == []
