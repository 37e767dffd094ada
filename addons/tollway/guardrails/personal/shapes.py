"""The shapes in which numbers of people are written, and where a text has them.

A shape says how digits, letters and separators stand, never what they mean: `9` is nine digits on end,
`3-3-4` three groups. A kind lists the shapes it is written in, and judges what has one.

A text is first drawn as an outline: each digit is `0`, each capital `A`, each small letter `a`, and all else
`-`. In that a shape begins with a literal, which is found many times as fast as any pattern of digits would
be in a log; the pattern is asked there alone. No pattern looks further than a shape is long, so all of it
takes time in proportion to the text, whatever it says.
"""

import re
from collections.abc import Iterator, Mapping, Set
from functools import cache

import re2
from msgspec import Struct

RUN = "run"
"""Digits on end: the shape is their number."""

_SEP = r"[ .\-\u00a0\u202f\u2010-\u2013]"
_START = r"(?:(?<![0-9A-Za-z_])(?<![0-9]\.)|(?<=\\[nrt]))"
"""JSON inside of a string has letters before a number that are none: `\\n`."""
_END = r"(?![0-9A-Za-z_]|\.[0-9])"
"""A number ends where neither a word nor a decimal fraction goes on."""
_FOUR = r"(?:(?<![0-9A-Fa-f]-)|(?![0-9]{4}-))[2-9][0-9]{3}(?P<SEP>[ \-\u00a0\u202f\u2010-\u2013])"
"""Nobody's number of such groups begins with 0 or 1, or has points between; and none is part of a UUID."""
_SPACE = r"[ \u00a0\u202f]"

_OUTLINES: Mapping[str, Mapping[str, str]] = {
    "00000000": {RUN: r"[0-9]{8,13}+"},
    "00000000000000": {RUN: r"[0-9]{14,19}+", "17X": r"[0-9]{17}[Xx]"},
    "00000000A": {"8L": r"[0-9]{8}[A-Z]"},
    "00000000a": {"8l": r"[0-9]{8}[a-z]"},
    "00000000-A": {"8L": r"[0-9]{8}[ -][A-Z]"},
    "00000000-0000": {"8-4": r"[0-9]{8}[-+][0-9]{4}"},
    "000000-000": {
        "6-4": r"[0-9]{6}[-+][0-9]{4}",
        "6-3L": r"[0-9]{6}[-+][0-9]{3}[A-Y]",
        "6-5": r"[0-9]{6} [0-9]{5}",
    },
    "000000A000": {"6-3L": r"[0-9]{6}[A-FU-Y][0-9]{3}[0-9A-Y]"},
    "0000-0000-0000": {
        "4-4-4-4-3": rf"{_FOUR}(?:[0-9]{{4}}(?P=SEP)){{3}}[0-9]{{3}}",
        "4-4-4-4": rf"{_FOUR}(?:[0-9]{{4}}(?P=SEP)){{2}}[0-9]{{4}}(?!-[0-9A-Fa-f])",
        "4-4-4": rf"{_FOUR}[0-9]{{4}}(?P=SEP)[0-9]{{4}}(?!(?P=SEP)[0-9]{{4}}(?![0-9]))",
    },
    "0000-000000-0000": {"4-6-5": rf"[0-9]{{4}}(?P<SEP>{_SEP})[0-9]{{6}}(?P=SEP)[0-9]{{4,5}}"},
    "000-00-0000": {
        "3-2-4": r"[0-9]{3}-[0-9]{2}-[0-9]{4}(?!-[0-9A-Za-z])",
        "3.2.4": rf"[0-9]{{3}}(?P<SEP>{_SEP})[0-9]{{2}}(?P=SEP)[0-9]{{4}}",
    },
    "000-000-000": {
        "3.3.3-2": r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
        "3-3-3": rf"[0-9]{{3}}(?P<SEP>{_SEP})[0-9]{{3}}(?P=SEP)[0-9]{{3}}",
        "3-3-4": rf"[0-9]{{3}}(?P<SEP>{_SEP})[0-9]{{3}}(?P=SEP)[0-9]{{4}}",
    },
    "000-0000-0000-00": {"3.4.4.2": r"[0-9]{3}\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}"},
    "00-000-000-000": {"2-3-3-3": rf"[0-9]{{2}}(?:{_SPACE}[0-9]{{3}}){{3}}"},
    "00-00-00-000-00": {"2.2.2-3.2": r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}"},
    "0-00-00-00-000-000-00": {
        "nir": rf"[0-9](?:{_SEP}[0-9]{{2}}){{3}}(?:{_SEP}[0-9]{{3}}){{2}}{_SEP}[0-9]{{2}}"
    },
    "0-00-00-0A-000-000-00": {
        "nir": rf"[0-9](?:{_SEP}[0-9]{{2}}){{2}}{_SEP}2[AB](?:{_SEP}[0-9]{{3}}){{2}}{_SEP}[0-9]{{2}}"
    },
    "000000A00000000": {"nir": r"[0-9]{5}2[AB][0-9]{8}"},
    "AA00": {
        "2L6L": r"[A-Z]{2}[0-9]{2}(?: ?[0-9]{2}){2} ?[A-D]",
        "iban": r"[A-Z]{2}[0-9]{2}(?=[ \-\u00a0\u202f]?[0-9A-Z]{3})",
    },
    "AA-00-00-00-A": {"2L 6L": r"[A-Z]{2} [0-9]{2} [0-9]{2} [0-9]{2} [A-D]"},
    "aa00": {
        "2L6L": r"[a-z]{2}[0-9]{2}(?: ?[0-9]{2}){2} ?[a-d]",
        "iban": r"[a-z]{2}[0-9]{2}(?=[ \-\u00a0\u202f]?[0-9a-z]{3})",
    },
    "A0000000A": {"L7L": r"[XYZ][0-9]{7}[A-Z]"},
    "a0000000a": {"l7l": r"[xyz][0-9]{7}[a-z]"},
    "A-0000000": {"L7L": r"[XYZ]-[0-9]{7}-?[A-Z]"},
    "AAAA000000A": {"4L6": r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]"},
    "aaaaaa00a": {"6L2": r"[a-z]{6}[0-9]{2}[a-ehlmprst][0-9l-v]{2}[a-z][0-9l-v]{3}[a-z]"},
    "AAAAAA00A": {"6L2": r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9L-V]{2}[A-Z][0-9L-V]{3}[A-Z]"},
}
"""By outline: the shapes it may be the beginning of, each with its pattern. The first that matches counts."""
_GOES_ON = {"iban"}
"""Shapes that are a beginning only."""


_LENGTHS = {8: range(8, 14), 14: range(14, 20)}
"""Of digits on end, by the length of their outline: how many there may be.

Fewer than fourteen are nobody's number without a word that says so, and logs are full of them.
"""


class _Sought(Struct, frozen=True):
    """An outline as it is looked for."""

    literals: tuple[tuple[bytes, int], ...]
    """With how many bytes of each come before the number."""
    groups: tuple[str, ...]
    """The shape that each group of the pattern is."""
    shapes: frozenset[str]
    pattern: re.Pattern[str]
    is_run: bool


def _sought(outline: str, shapes: Mapping[str, str]) -> _Sought:
    """Letters stand by themselves, which makes their outlines rare ones; or after `\\n`."""
    before = ("-", "-a") if outline[0].isalpha() else ("",)
    bodies = (
        f"(?P<s{number}>{pattern.replace('SEP', f's{number}_')}){'' if shape in _GOES_ON else _END}"
        for number, (shape, pattern) in enumerate(shapes.items())
    )
    is_run = RUN in shapes
    lengths = map(str, _LENGTHS[len(outline)]) if is_run else ()
    return _Sought(
        tuple(((start + outline).encode(), len(start)) for start in before),
        tuple(shapes),
        frozenset((*shapes, *lengths)),
        re.compile(f"{_START}(?:{'|'.join(bodies)})"),
        is_run,
    )


_SOUGHT = tuple(_sought(outline, shapes) for outline, shapes in _OUTLINES.items())
_LITERALS = tuple((sought, *literal) for sought in _SOUGHT for literal in sought.literals)
_DRAWN = bytes(
    ord("0" if char.isdigit() else "A" if char.isupper() else "a" if char.isalpha() or char == "_" else "-")
    for char in map(chr, range(128))
).ljust(256, b"-")
_DIGITS_ON_END = re.compile(b"0+")


@cache
def _all() -> re2.Set:
    """The literals, to know which ones there are at all: most of them are not."""
    literals = re2.Set.SearchSet()
    for _, literal, _ in _LITERALS:
        literals.Add(literal)
    literals.Compile()
    return literals


def numbers(text: str, wanted: Set[str]) -> Iterator[tuple[str, int, int]]:
    """Each number of the text that has a wanted shape: the shape, where it starts and ends; in no order.

    They may overlap: `4-4-4-4` has `4-4-4` in it, from its second group on. Which is one, its kind says.
    """
    drawn = b"-" + text.encode("ascii", "replace").translate(_DRAWN)
    for one in _all().Match(drawn) or ():
        sought, literal, before = _LITERALS[one]
        if not sought.shapes.isdisjoint(wanted):
            for place in _places(drawn, literal, sought.is_run):
                if match := sought.pattern.match(text, place + before - 1):
                    shape, start, end = _shape(sought, match)
                    if shape in wanted:
                        yield shape, start, end


def _places(drawn: bytes, literal: bytes, is_run: bool) -> Iterator[int]:
    """Where the outline has the literal; of digits on end, their beginning."""
    place = drawn.find(literal)
    while place >= 0:
        yield place
        match = _DIGITS_ON_END.match(drawn, place) if is_run else None
        place = drawn.find(literal, match.end() if match else place + 1)


def _shape(sought: _Sought, match: re.Match[str]) -> tuple[str, int, int]:
    """What the pattern has found, and where."""
    start, end = match.span()
    shape = sought.groups[int((match.lastgroup or "")[1:])]
    return str(end - start) if shape == RUN else shape, start, end
