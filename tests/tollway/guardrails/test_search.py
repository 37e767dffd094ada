"""What several detectors find."""

import re
from collections.abc import Iterator

import pytest

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.search import AsWritten, search
from tollway.guardrails.words import Own, own_words


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


def test_who_reads_letters_as_they_are_written_finds_both() -> None:
    """Each once."""

    def called_c(text: str) -> Iterator[Found]:
        return (found(*match.span()) for match in re.finditer("c", text))

    def called_es(text: str) -> Iterator[Found]:
        return (found(*match.span()) for match in re.finditer("\u0441", text))

    text = "c \u200b\u0441"

    assert search(text, [called_c]) == search(text, [AsWritten(called_c)]) == [found(0, 1), found(3, 4)]
    assert (search(text, [called_es]), search(text, [AsWritten(called_es)])) == ([], [found(3, 4)])


RUSSIAN, GREEK = "\u0441\u0435\u043a\u0440\u0435\u0442", "\u0391\u03b8\u03ae\u03bd\u03b1"


@pytest.mark.parametrize(
    "word", [RUSSIAN, GREEK, "\uff21\uff22\uff23", "l\u2019\u00e9t\u00e9", "foo\u2013bar"]
)
def test_an_operators_word_of_letters_that_look_like_others_is_found(word: str) -> None:
    """Most words of Russian and Greek have some."""
    for text in (word, word.upper(), f"{word[:2]}\u200b{word[2:]}", f"\u043e\u0442 {word}\u2026"):
        assert [one.kind for one in search(text, [own_words(Own("ours", (word,)))])] == ["ours"]


def test_so_is_an_operators_pattern() -> None:
    own = own_words(Own("ours", patterns=("\u0441\u0435\u043a[\u0430-\u044f]+",)))

    assert [(one.start, one.end) for one in search(f"x {RUSSIAN} y", [own])] == [(2, 8)]
