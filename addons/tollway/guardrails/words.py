"""An operator's own words and patterns, as a kind of their own."""

from collections.abc import Iterator, Sequence
from unicodedata import normalize

import re2
from msgspec import Struct

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.normal import normal
from tollway.guardrails.search import AsWritten, Detector
from tollway.guardrails.secrets.offsets import characters

_ROOM = 100_000
"""Bytes of words that one automaton takes, of the memory that RE2 gives it."""


class Own(Struct, frozen=True):
    """A kind that a policy makes."""

    kind: str
    words: tuple[str, ...] = ()
    """In any case, and nowhere within a longer word."""
    patterns: tuple[str, ...] = ()
    """Regular expressions of RE2."""


def compiled(pattern: str) -> "re2._Regexp[bytes]":
    """A pattern for UTF-8. Raises ValueError where RE2 does not take it, or where it finds nothing at all: it
    would be found between any two characters."""
    options = re2.Options()
    options.log_errors = False
    try:
        found = re2.compile(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        said = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        raise ValueError(f"RE2 does not take {pattern[:80]!r}: {said}") from None
    if found.match(b"") is not None:
        raise ValueError(f"{pattern[:80]!r} matches where nothing is: it would be found everywhere")
    return found


def own_words(own: Own) -> Detector:
    """Finds them, in linear time, whether letters are meant as they are written or as they look. Raises
    ValueError, as `compiled`."""
    patterns = [compiled(pattern) for pattern in own.patterns]
    words = [compiled(_any_of(some)) for some in _parted(own.words)]

    def found(text: str) -> Iterator[Found]:
        data = text.encode("utf-8", "replace")
        spans = [match.span() for pattern in patterns for match in pattern.finditer(data)]
        spans = [span for span in spans if span[0] < span[1]]
        whole = [match.span() for some in words for match in some.finditer(data)]
        if not spans and not whole:
            return
        places = characters(data, (offset for span in (*spans, *whole) for offset in span))
        for first, last in spans:
            yield _found(own.kind, places[first], places[last])
        for first, last in whole:
            if _is_whole(text, places[first], places[last]):
                yield _found(own.kind, places[first], places[last])

    return AsWritten(found)


def spellings(word: str) -> frozenset[str]:
    """As it is written, as it is seen, and with each accent as part of its letter or behind it."""
    return frozenset((word, normal(word).text, normalize("NFC", word), normalize("NFD", word))) - {""}


def _parted(words: Sequence[str]) -> Iterator[list[str]]:
    """All their spellings, in as many parts as RE2 has room for. The longest first: `new york` is to be found
    where `new` is a word, too."""
    spelled = {form for word in words for form in spellings(word)}
    part, room = list[str](), _ROOM
    for form in sorted(spelled, key=lambda one: (-len(one), one)):
        if room < 0:
            yield part
            part, room = [], _ROOM
        part.append(form)
        room -= len(form.encode("utf-8", "replace"))
    if part:
        yield part


def _any_of(words: Sequence[str]) -> str:
    return f"(?i:{'|'.join(map(re2.escape, words))})"


def _is_whole(text: str, start: int, end: int) -> bool:
    """A mark at a word's own end is a border, whatever follows."""
    before = start > 0 and _in_word(text[start - 1]) and _in_word(text[start])
    after = end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])
    return not before and not after


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _found(kind: str, start: int, end: int) -> Found:
    return Found(start=start, end=end, kind=kind, family=Family.WORDS, tier=Tier.CERTAIN)
