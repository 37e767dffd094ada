"""Tokens of many texts are counted in bounded time."""

from collections.abc import Callable

import pytest

from tollway.recorded import counting
from tollway.recorded.counting import SAMPLE, Counting
from tollway.wire import tokens

WORDS = "one token each, more or less; "


def test_texts_are_counted_as_the_proxy_counts_them() -> None:
    count, exact = Counting().counter("gpt-4o"), tokens.counter("gpt-4o")

    for text in ("", "short", WORDS * 10, WORDS * 1000, "größe 中 \ud800" + "x" * 99):
        assert count(text) == count(text) == exact(text)


def test_a_text_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Agents resend their whole history each turn; each model counts for itself."""
    seen: list[tuple[str, str]] = []

    def counter(model: str) -> Callable[[str], int]:
        def count(text: str) -> int:
            seen.append((model, text))
            return 7

        return count

    monkeypatch.setattr(tokens, "counter", counter)
    counts = Counting()
    found = [counts.counter(model)(WORDS * 9) for model in ("a", "a", "b", "a")]

    assert found == [7, 7, 7, 7]
    assert seen == [("a", WORDS * 9), ("b", WORDS * 9)]


def test_behind_the_bound_a_sample_is_counted() -> None:
    """Of texts that are longer than it; the rest is taken to be like it, and that is told."""
    counts = Counting(exact=10_000)
    count, exact = counts.counter("gpt-4o"), tokens.counter("gpt-4o")
    assert count(WORDS * 200) == exact(WORDS * 200)
    assert not counts.sampled
    text = "again: " + WORDS * 1000

    assert abs(count(text) / exact(text) - 1) < 0.02
    assert counts.sampled
    counts.sampled = False
    assert count(text[:SAMPLE]) == exact(text[:SAMPLE])
    assert not counts.sampled


def test_a_text_that_was_sampled_is_told_each_time() -> None:
    counts = Counting(exact=0)
    count = counts.counter("gpt-4o")
    for _ in range(2):
        counts.sampled = False
        count(WORDS * 1000)
        assert counts.sampled


def test_counts_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "REMEMBERED", 3)
    counts = Counting()
    count = counts.counter("gpt-4o")
    for n in range(9):
        count(f"{n} {WORDS * 9}")

    assert len(counts._counts) == 3
