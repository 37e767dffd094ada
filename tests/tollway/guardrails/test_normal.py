"""Texts as readers see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.normal import Normal, normal

DROPPED = ("\u200b", "\u00ad", "\ufeff", "\u2060", "\U000e0041")


def found(start: int, end: int) -> Found:
    return Found(start=start, end=end, kind="card", family=Family.PERSONAL, tier=Tier.CERTAIN)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ghp_abc", "ghp_abc"),
        ("g\u200bh\u00adp_\ufeff", "ghp_"),
        ("\u0440assw\u043erd", "password"),
        ("４１１１", "4111"),
        ("555\u2013 0199\u00a0x", "555- 0199 x"),
        ("“a”", '"a"'),
        ("\U0001d5f4\U0001d5f5\U0001d5fd_\u24d0\U0001d7d2", "ghp_a4"),
        ("\u210e\u212a\u2124", "hKZ"),
        ("\u03b1\u03c1i_\u0433\u0131\u0261\u04cf", "api_rigl"),
        ("grün 漢字", "grün 漢字"),
        ("\ud800a", "\ufffda"),
        ("", ""),
    ],
)
def test_it_is_read_as_it_is_seen(text: str, seen: str) -> None:
    assert normal(text).text == seen


@given(st.lists(st.one_of(st.sampled_from(DROPPED), st.sampled_from("abcé")), max_size=12))
def test_what_is_found_is_told_by_where_it_was(parts: list[str]) -> None:
    """From its first to its last character, with what was dropped between them."""
    text = "".join(parts)
    seen = normal(text)
    kept = [number for number, part in enumerate(parts) if part not in DROPPED]

    for start in range(len(kept)):
        for end in range(start + 1, len(kept) + 1):
            place = seen.original(found(start, end))
            assert (place.start, place.end) == (kept[start], kept[end - 1] + 1)


def test_a_text_that_is_ascii_is_as_it_was() -> None:
    assert normal("abc") == Normal("abc")


def test_its_letters_as_they_are_written_are_there_where_they_look_like_others() -> None:
    assert normal("\u0441\u200b c").written == "\u0441 c"
    assert normal("gr\u00fcn").written is None
