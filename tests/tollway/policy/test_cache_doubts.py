"""What a policy says of answers to keep and can't be meant to is told, with its place."""

import pytest

from tests.tollway.policy.written import policy
from tollway.policy.cache_doubts import NO_ROOM, NO_TEAMS, WHATEVER_IS_ASKED, cache_doubts


def doubts(text: str) -> list[tuple[tuple[str | int, ...], str]]:
    return list(cache_doubts(policy(text)))


@pytest.mark.parametrize(
    ("text", "way", "why"),
    [
        ("cache: [{ttl: 1d}, {match: {team: a}, ttl: 1h}]", ("cache", 1), "cache[0] is about all of these"),
        (
            "cache: [{match: {model: 'gpt-*'}, ttl: 1d}, {match: {user: a}, ttl: 1d},"
            " {match: {model: gpt-5}, ttl: 1h}]",
            ("cache", 2),
            "cache[0] is about all",
        ),
        (
            "cache: [{match: {model: '^gpt'}, ttl: 1d}]",
            ("cache", 0, "match", "model"),
            "in '^gpt', * and ? alone are wild",
        ),
        (
            "cache: [{match: {operation: [batch, images]}, ttl: 1d}]",
            ("cache", 0, "match", "operation"),
            "calls of these operations are never cached: only of chat, classify, completion, embeddings",
        ),
        ("cache: [{ttl: 1d, scope: team}]", ("cache", 0, "scope"), NO_TEAMS),
        ("cache: [{ttl: 1d, max_size: 2 MB}]\ncache_size: 1 MB", ("cache", 0, "max_size"), NO_ROOM),
        (
            "cache: [{ttl: 1d, key: {ignore: [seed, messages]}}]",
            ("cache", 0, "key", "ignore", 1),
            WHATEVER_IS_ASKED,
        ),
        ("cache_size: 2 GB", ("cache_size",), "no entry of `cache` says what is kept"),
    ],
)
def test_it_is_told(text: str, way: tuple[str | int, ...], why: str) -> None:
    (found,) = doubts(text)

    assert found[0] == way
    assert found[1].startswith(why)


@pytest.mark.parametrize(
    "text",
    [
        "cache: [{match: {operation: embeddings}, ttl: 30d, scope: company}, {ttl: 1h}]\ncache_size: 2 GB",
        "cache: [{ttl: 1d, scope: team}]\nidentity: [{networks: {10.0.0.0/8: {team: a}}}]",
        "cache: [{match: {operation: {not: batch}}, ttl: 1d}, {match: {operation: 'c*'}, ttl: 1d}]",
        "cache: [{match: {tag.cache: 'yes'}, ttl: 1d, key: {ignore: [metadata, messages.id]}}]",
        "",
    ],
)
def test_what_may_be_meant_is_not(text: str) -> None:
    assert doubts(text) == []
