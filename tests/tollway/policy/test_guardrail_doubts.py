"""What a policy says of guardrails and can't be meant to is told, with its place."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.guardrail_doubts import guardrail_doubts


def doubts(entry: str) -> list[tuple[tuple[str | int, ...], str]]:
    return list(guardrail_doubts(policy(f"guardrails: [{{{entry}}}]")))


@pytest.mark.parametrize(
    ("entry", "way", "why"),
    [
        ("find: card, do: flag, match: {program: x}", ("match", "program"), "clients choose their program"),
        ("find: card, do: flag, match: {tag.a: x}", ("match", "tag.a"), "clients choose their tag.a"),
        ("find: card, do: flag, match: {model: '^gpt'}", ("match", "model"), "in '^gpt', * and ? alone"),
        ("find: card, do: flag, in: response, unscanned: flag", ("unscanned",), "is about requests"),
        ("name: x, words: [ab], do: flag, generic: ignore", ("generic",), "words and patterns are certain"),
        ("find: card, do: flag, at_least: {email: 2}", ("at_least", "email"), "this guardrail does not look"),
    ],
)
def test_it_is_told(entry: str, way: tuple[str | int, ...], why: str) -> None:
    (found,) = doubts(entry)

    assert found[0] == ("guardrails", 0, *way)
    assert found[1].startswith(why)


@pytest.mark.parametrize(
    "entry",
    [
        "find: secrets, do: block, match: {team: a}",
        "find: personal, do: flag, at_least: {email: 2}",
        "find: [card, email], do: flag, at_least: {email: 2}, generic: ignore",
        "name: x, words: [ab], do: flag, at_least: {x: 2}",
        "find: card, do: flag, in: response",
    ],
)
def test_what_may_be_meant_is_not(entry: str) -> None:
    assert doubts(entry) == []
