"""Whether words name a kind."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.personal.named import after, around, is_named, mentioned
from tollway.guardrails.personal.names import NAMES


@pytest.mark.parametrize(
    ("words", "kind", "named"),
    [
        ("Tel.:", "phone", True),
        ("my hotel", "phone", False),
        ("tell", "phone", False),
        ("homeTel=", "phone", True),
        ("hOTEL", "phone", False),
        ("telNumber", "phone", True),
        ("TELUGU", "phone", False),
        ("TÉLÉPHONE", "phone", True),
        ("mein Kundentelefon", "phone", True),
        ("date_of-birth", "birth_date", True),
        ("né le", "birth_date", True),
        ("SIN", "ca_sin", True),
        ("math.sin", "ca_sin", False),
        ("sin", "ca_sin", False),
        ("fødselsnummer", "no_fnr", True),
        ("身份证号码", "cn_id", True),
        ("", "phone", False),
    ],
)
def test_words_name_a_kind(words: str, kind: str, named: bool) -> None:
    """With accents or without, short ones by themselves only."""
    assert is_named(words, kind) is named


@given(st.sampled_from([(kind, phrase) for kind, phrases in NAMES.items() for phrase in phrases]), st.text())
def test_what_is_named_is_mentioned(phrase: tuple[str, str], text: str) -> None:
    """So what is not mentioned anywhere need not be asked about."""
    kind, words = phrase

    assert is_named(words, kind)
    assert kind in mentioned(f"{text} {words} {text}")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """What it does not mention is named nowhere in it."""
    for kind in set(NAMES) - mentioned(text):
        assert not is_named(text, kind)


def test_words_around_are_near_and_apart() -> None:
    """Two halves of a word are not one over the number between them."""
    assert around("x" * 100 + "te5l" + "y" * 100, 102, 103) == "x" * 46 + "te|l" + "y" * 23


def test_what_comes_after_a_name_is_found_once_and_in_order() -> None:
    """Though two names stand before it; and no further than the reach."""
    text = "phone tel 11 22" + " " * 20 + "33 tel 44"

    assert [match[0] for match in after(text, "phone", re.compile("[0-9]+"), 12)] == ["11", "22", "44"]
