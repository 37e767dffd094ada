"""Whether the words around a place say what is there, and where in a text such words are."""

import re
from collections.abc import Iterator
from functools import cache
from unicodedata import combining, normalize

import re2

from tollway.guardrails.personal.names import NAMES

BEFORE, AFTER = 48, 24
"""How far, in characters, a name may be from the number that it names."""
_ALONE = 5
"""Letters of the longest phrase that has to stand by itself."""
_LONGEST = 64
"""Characters of what is found after a name, at most."""


def _base(char: str) -> str:
    """A letter in lower case without its accent; two are none to Unicode."""
    plain = "".join(part for part in normalize("NFD", char) if not combining(part)).lower()
    return {"ø": "o", "ł": "l"}.get(plain, plain)


_ACCENTED = {chr(code): _base(chr(code)) for code in range(0xC0, 0x180)}


def _letter(char: str) -> str:
    """A pattern of a letter in any case, with any accent; a space is anything else, or nothing."""
    if char == " ":
        return "[^A-Za-z]?"
    return f"[{char}{char.upper()}{''.join(found for found, base in _ACCENTED.items() if base == char)}]"


def _anywhere(phrase: str) -> str:
    """A pattern of a phrase, part of a word or not."""
    if phrase != phrase.lower():
        return phrase.replace(" ", "[^A-Za-z]?")
    return "".join(map(_letter, phrase))


def _by_itself(phrase: str) -> str:
    """A pattern of a phrase; of a short one, if it is no part of a word but of `homeTel` or `telHome`."""
    if len(phrase) > _ALONE or not phrase.isascii():
        return _anywhere(phrase)
    first, rest = phrase[0], phrase[1:]
    alone = f"(?:^|[^A-Za-z])(?:{_anywhere(phrase)}(?:[^A-Za-z]|$)|[{first}{first.upper()}]{rest}[A-Z])"
    return f"(?:{alone}|[a-z]{first.upper()}{rest}(?:[^a-z]|$))"


_PHRASES = [(kind, phrase) for kind, phrases in NAMES.items() for phrase in phrases]


@cache
def _all() -> re2.Set:
    """Every phrase, part of a word or not: borders of words would make its automaton a large one."""
    phrases = re2.Set.SearchSet()
    for _, phrase in _PHRASES:
        phrases.Add(_anywhere(phrase))
    phrases.Compile()
    return phrases


@cache
def _of(kind: str) -> "re2._Regexp[str]":
    return re2.compile("|".join(map(_by_itself, NAMES[kind])))


def mentioned(text: str) -> frozenset[str]:
    """The kinds that a text may name: of any other one `is_named` is false all over it."""
    return frozenset(_PHRASES[number][0] for number in _all().Match(text) or ())


def is_named(words: str, kind: str) -> bool:
    """Whether a short text names a kind."""
    return _of(kind).search(words) is not None


def around(text: str, start: int, end: int) -> str:
    """The words that may name what is at a place; they are not joined over it."""
    return f"{text[max(0, start - BEFORE) : start]}|{text[end : end + AFTER]}"


def after(text: str, kind: str, pattern: re.Pattern[str], reach: int) -> Iterator[re.Match[str]]:
    """What matches the pattern and begins within so many characters after a name of the kind; in order."""
    seen = -1
    for name in _of(kind).finditer(text):
        end = name.end()
        for match in pattern.finditer(text, end, end + reach + _LONGEST):
            if seen < match.start() <= end + reach:
                seen = match.start()
                yield match
