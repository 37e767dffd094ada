"""What several detectors find."""

import re
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.search import apart, search


def found(start: int, end: int, tier: Tier = Tier.CERTAIN, kind: str = "card") -> Found:
    return Found(start=start, end=end, kind=kind, family=Family.PERSONAL, tier=tier)


def digits(text: str) -> Iterator[Found]:
    return (found(*match.span()) for match in re.finditer(r"\d+", text))


def words(text: str) -> Iterator[Found]:
    return (found(*match.span(), Tier.GENERIC, "word") for match in re.finditer(r"\w+", text))


def test_what_is_found_is_told_by_where_it_is() -> None:
    assert search("a 41\u200b11, x", [words, digits]) == [
        found(0, 1, Tier.GENERIC, "word"), found(2, 7), found(9, 10, Tier.GENERIC, "word"),
    ]  # fmt: skip


def test_of_what_overlaps_the_surer_is_told_then_the_longer_then_the_earlier() -> None:
    sure, long, early = found(4, 6), found(5, 9, Tier.GENERIC), found(20, 23)

    assert apart([long, sure]) == [sure]
    assert apart([long, found(7, 10, Tier.GENERIC)]) == [long]
    assert apart([found(22, 25), early]) == [early]
    assert apart([found(2, 4), sure, found(6, 7)]) == [found(2, 4), sure, found(6, 7)]
    assert apart([]) == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from(Tier))))
def test_whatever_is_found_none_is_over_another_and_none_that_is_free_is_left_out(
    spans: list[tuple[int, int, Tier]],
) -> None:
    given = [found(start, start + size, tier) for start, size, tier in spans]
    kept = apart(given)

    assert kept == sorted(kept)
    assert all(one.end <= other.start for one, other in pairwise(kept))
    assert all(any(one.start < two.end and two.start < one.end for two in kept) for one in given)
