"""What several detectors find."""

import re
from collections.abc import Iterator

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.search import search


def found(start: int, end: int, tier: Tier = Tier.CERTAIN, kind: str = "card") -> Found:
    return Found(start=start, end=end, kind=kind, family=Family.PERSONAL, tier=tier)


def digits(text: str) -> Iterator[Found]:
    return (found(*match.span()) for match in re.finditer(r"\d+", text))


def words(text: str) -> Iterator[Found]:
    return (found(*match.span(), Tier.GENERIC, "word") for match in re.finditer(r"\w+", text))


def test_what_is_found_is_told_by_where_it_is() -> None:
    assert search("a 41\u200b11, x", [words, digits]) == [
        found(0, 1, Tier.GENERIC, "word"), found(2, 7, Tier.GENERIC, "word"), found(2, 7),
        found(9, 10, Tier.GENERIC, "word"),
    ]  # fmt: skip
