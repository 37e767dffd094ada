"""What a policy says of answers to keep and can't be meant to: entries without effect, keys that tell nothing
apart."""

from collections.abc import Iterator

from tollway.caching.dialects import OPERATIONS
from tollway.policy.cache import CacheEntry
from tollway.policy.doubtful import PLAIN_WORDS, Doubt
from tollway.policy.pattern import is_foreign, is_pattern
from tollway.policy.schema import Policy
from tollway.policy.wider import is_wider

BEHIND = "cache[{}] is about all of these calls, and the first that matches holds: this entry does nothing"
NO_TEAMS = "without `identity`, nobody vouches for a caller's team: nothing is cached"
NEVER = "calls of these operations are never cached: only of {}"
WHATEVER_IS_ASKED = "without it, calls that ask something else get this answer"
NO_ROOM = "a larger answer than cache_size has no room"
ASKED = frozenset({
    "messages", "input", "inputs", "contents", "prompt", "system", "systemInstruction", "instructions",
    "query", "texts", "documents", "document", "image", "images", "tools", "toolConfig", "message", "content",
})  # fmt: skip
"""Members that say what is asked."""


def cache_doubts(policy: Policy) -> Iterator[Doubt]:
    """Ways are from the policy's own place on."""
    for i, entry in enumerate(policy.cache):
        for j, before in enumerate(policy.cache[:i]):
            if is_wider(before.match, entry.match):
                yield ("cache", i), BEHIND.format(j)
                break
        yield from _of_match(i, entry)
        if entry.scope == "team" and not policy.identity:
            yield ("cache", i, "scope"), NO_TEAMS
        if entry.max_size > policy.cache_size:
            yield ("cache", i, "max_size"), NO_ROOM
        for j, path in enumerate(entry.key.ignore):
            if path in ASKED:
                yield ("cache", i, "key", "ignore", j), WHATEVER_IS_ASKED
    if not policy.cache and "cache_size" in policy.model_fields_set:
        yield ("cache_size",), "no entry of `cache` says what is kept: nothing is"


def _of_match(i: int, entry: CacheEntry) -> Iterator[Doubt]:
    for name in sorted(PLAIN_WORDS & entry.match.keys()):
        for text in filter(is_foreign, entry.match[name].values):
            why = f"in {text!r}, * and ? alone are wild: all else is meant as it is written"
            yield ("cache", i, "match", name), why
    asked = entry.match.get("operation")
    if asked is not None and not asked.negated:
        if not any(is_pattern(text) or text in OPERATIONS for text in asked.values):
            yield ("cache", i, "match", "operation"), NEVER.format(", ".join(sorted(OPERATIONS)))
