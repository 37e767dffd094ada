"""An operator's own words and patterns."""

import re
import unicodedata
from random import Random
from typing import Literal

import pytest

from tollway.guardrails.found import Family, Tier
from tollway.guardrails.words import Own, own_words
from tollway.policy.guardrails import LONGEST_WORD, MOST_WORDS


def found(text: str, *words: str, patterns: tuple[str, ...] = ()) -> list[str]:
    """What is found, in the order of the text."""
    hits = sorted(own_words(Own("ours", words, patterns))(text))
    assert all((hit.kind, hit.family, hit.tier) == ("ours", Family.WORDS, Tier.CERTAIN) for hit in hits)
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Project BlueBird, bluebird.", ["BlueBird", "bluebird"]),
        ("bluebirds and mybluebird, blue_bird", []),
        ("das GRÜNE Feld: grüne feld", ["GRÜNE Feld", "grüne feld"]),
        ("übluebird bluebirdé", []),
        ("c++ c++x (c++)", ["c++", "c++", "c++"]),
        ("bluebird two!", ["bluebird two"]),
        ("", []),
    ],
)
def test_words_are_found_in_any_case_where_they_stand_alone(text: str, expected: list[str]) -> None:
    """A word that ends in a mark ends there; of two that begin alike, the longer."""
    assert found(text, "bluebird", "grüne feld", "c++", "bluebird two") == expected


@pytest.mark.parametrize(
    ("letters", "size"), [("abcdef", LONGEST_WORD), ("\u0431\u0434\u0436\u0437\u0438", 40)]
)
def test_as_many_may_be_there_as_a_policy_may_have(letters: str, size: int) -> None:
    """One automaton would have no room for them."""
    chance = Random(1)
    words = ["".join(chance.choices(letters, k=size)) for _ in range(MOST_WORDS)]

    assert found(f"a {words[0]} and {words[-1]}", *words) == [words[0], words[-1]]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_is_part_of_its_letter_or_stands_behind_it(form: Literal["NFC", "NFD"]) -> None:
    """As macOS writes names of files."""
    text = unicodedata.normalize(form, "das gr\u00fcne feld")

    for word in ("gr\u00fcne feld", "gru\u0308ne feld"):
        assert found(text, word) == [text[4:]]


def test_patterns_are_found_wherever_they_match() -> None:
    assert found("é SEC-12345, xSEC-999", patterns=(r"SEC-\d{3}", r"\b")) == ["SEC-123", "SEC-999"]


def test_a_pattern_that_would_keep_others_busy_takes_linear_time() -> None:
    assert found("a" * 200_000, patterns=("(a+)+b",)) == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "RE2 does not take '(': missing )"),
        ("(?=a)b", "RE2 does not take '(?=a)b'"),
        ("a*", "'a*' matches where nothing is"),
    ],
)
def test_what_is_no_pattern_is_said(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        own_words(Own("ours", (), (pattern,)))
