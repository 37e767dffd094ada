"""What a policy says of texts to keep and can't be meant to is told, with its place."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.record_doubts import record_doubts


def doubts(entries: str) -> list[tuple[tuple[str | int, ...], str]]:
    return list(record_doubts(policy(f"record: [{entries}]")))


@pytest.mark.parametrize(
    ("entries", "way", "why"),
    [
        ("{}, {match: {team: a}}", ("record", 1), "record[0] is about all of these calls"),
        ("{match: {model: 'gpt-*'}}, {in: request}, {match: {model: gpt-5}}", ("record", 2), "record[0] is"),
        ("{match: {program: claude-cli}}", ("record", 0, "match", "program"), "clients choose their program"),
        ("{match: {tag.debug: '1'}}", ("record", 0, "match", "tag.debug"), "clients choose their tag.debug"),
        ("{match: {model: '^gpt'}}", ("record", 0, "match", "model"), "in '^gpt', * and ? alone are wild"),
    ],
)
def test_it_is_told(entries: str, way: tuple[str | int, ...], why: str) -> None:
    (found,) = doubts(entries)

    assert found[0] == way
    assert found[1].startswith(why)


@pytest.mark.parametrize("entries", ["{match: {team: a}}, {}", "{match: {user: ann}, keep: 90d}", "{}"])
def test_what_may_be_meant_is_not(entries: str) -> None:
    assert doubts(entries) == []
