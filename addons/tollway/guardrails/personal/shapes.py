"""The one pass over a text for all that is written with digits: the shapes in which numbers of people are
written.

A shape says how digits and separators stand, never what they mean: `9` is nine digits on end, `3-3-4` three
groups. A kind lists the shapes it is written in, and judges what has one. No pattern here looks further than
a shape is long, so the pass takes time in proportion to the text, whatever it says.
"""

import re
from collections.abc import Iterator

_SEP = r"[ .\-\u00a0\u202f\u2010-\u2013]"
_END = r"(?![0-9A-Za-z_]|\.[0-9])"
"""A number ends where neither a word nor a decimal fraction goes on."""
_START = r"(?:(?<![0-9A-Za-z_][0-9])(?<![0-9]\.[0-9])|(?<=\\[nrt][0-9]))"
"""Said of the first digit. JSON inside of a string has letters before it that are none: `\\n`."""
_LONG = (
    rf"(?=[0-9]{{5}}|[0-9]{{0,3}}(?:{_SEP}[0-9]{{2,6}}+{_SEP}[0-9]|\.[0-9]{{1,3}}+\.[0-9])"
    r"|(?<=2)(?<!:2)[0-9A-Fa-f]{3}:)"
)
"""Said of what follows it. Most numbers of ordinary text end here: there is too little of them."""

RUN = "run"


_DIGITS: dict[str, dict[str, str]] = {
    "[0-9]{7}": {
        "17X": r"[0-9]{9}[Xx]",
        "8L": r"[ -]?[A-Z]",
        "8-4": r"[-+][0-9]{4}",
        RUN: r"[0-9]{0,11}+",
    },
    "[0-9]{5}(?![0-9])": {
        "6-4": r"[-+][0-9]{4}",
        "6-3L": r"[-+A-FU-Y][0-9]{3}[0-9A-Y]",
        "6-5": r" [0-9]{5}",
    },
    rf"[0-9]{{3}}(?={_SEP})(?:(?<![0-9A-Fa-f]-[0-9]{{4}})|(?!-))": {
        "4-4-4-4-3": rf"(?P<a>{_SEP})(?:[0-9]{{4}}(?P=a)){{3}}[0-9]{{3}}",
        "4-4-4-4": rf"(?P<b>{_SEP})(?:[0-9]{{4}}(?P=b)){{2}}[0-9]{{4}}(?!-[0-9A-Fa-f])",
        "4-4-4": rf"(?P<c>{_SEP})[0-9]{{4}}(?P=c)[0-9]{{4}}(?!(?P=c)[0-9]{{4}}(?![0-9]))",
        "4-6-5": rf"(?P<d>{_SEP})[0-9]{{6}}(?P=d)[0-9]{{4,5}}",
    },
    rf"[0-9]{{2}}(?={_SEP})": {
        "3.3.3-2": r"\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
        "3-2-4": r"-[0-9]{2}-[0-9]{4}(?!-[0-9A-Za-z])",
        "3 2 4": rf"(?P<e>{_SEP})[0-9]{{2}}(?P=e)[0-9]{{4}}",
        "3-3-3": rf"(?P<f>{_SEP})[0-9]{{3}}(?P=f)[0-9]{{3}}",
        "3-3-4": rf"(?P<g>{_SEP})[0-9]{{3}}(?P=g)[0-9]{{4}}",
        "3.4.4.2": r"\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}",
    },
    rf"[0-9](?={_SEP})": {
        "2-3-3-3": r"(?P<h>[ \u00a0\u202f])[0-9]{3}(?P=h)[0-9]{3}(?P=h)[0-9]{3}",
        "2.2.2-3.2": r"\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
        "2L 6L": (
            r"(?:(?<=(?<![0-9A-Za-z_])[A-Z]{2} [0-9]{2})|(?<=\\[nrt][A-Z]{2} [0-9]{2}))(?: [0-9]{2}){2} [A-D]"
        ),
    },
    "": {
        "ip4": r"[0-9]{0,2}+(?:\.[0-9]{1,3}+){3}",
        "nir": rf"(?:{_SEP}?[0-9]{{2}}){{2}}{_SEP}?[0-9][0-9AB](?:{_SEP}?[0-9]{{3}}){{2}}{_SEP}?[0-9]{{2}}",
        "ip6": r"(?<=2)(?<!:2)[0-9A-Fa-f]{3}(?=:)(?::?:[0-9A-Fa-f]{1,4}+){1,7}+(?:::)?(?!:)",
    },
}
"""Numbers that begin with a digit: what comes after it, and then."""
_LETTERS = {
    "iban": (2, r"[A-Z]{2}", rf"[0-9](?={_SEP}?[0-9A-Z]{{3}})"),
    "2L6L": (2, r"[A-Z]{2}", rf"[0-9](?: ?[0-9]{{2}}){{2}} ?[A-D]{_END}"),
    "L7L": (1, r"[XYZ]", rf"[0-9]{{6}}[A-Z]{_END}"),
    "L-7L": (2, r"[XYZ]-", rf"[0-9]{{6}}-?[A-Z]{_END}"),
    "4L6": (4, r"[A-Z]{4}", rf"[0-9]{{5}}[HMX][A-Z]{{5}}[0-9A-Z][0-9]{_END}"),
    "6L2": (6, r"[A-Z]{6}", rf"[0-9L-V][A-EHLMPRST][0-9L-V]{{2}}[A-Z][0-9L-V]{{3}}[A-Z]{_END}"),
    "small iban": (2, r"[a-z]{2}", rf"[0-9](?={_SEP}?[0-9a-z]{{3}})"),
}
"""Those that begin with letters: how many, which, and what comes after the first digit."""
_BACK = {"2L 6L": 3} | {name: back for name, (back, _, _) in _LETTERS.items()}
"""Characters before the first digit that are part of it."""
_NAMES = (*(name for group in _DIGITS.values() for name in group), *_LETTERS)
_SHAPES = {f"s{number}": (name, _BACK.get(name, 0)) for number, name in enumerate(_NAMES)}
_GROUPS = {name: group for group, (name, _) in _SHAPES.items()}


def _numbers() -> re.Pattern[str]:
    """All shapes, tried in the order of the tables."""
    digits = "|".join(
        f"{first}(?:{'|'.join(f'(?P<{_GROUPS[name]}>{body}){_END}' for name, body in bodies.items())})"
        for first, bodies in _DIGITS.items()
    )
    small, *capital = (
        rf"(?:(?<=(?<![0-9A-Za-z_]){before}[0-9])|(?<=\\[nrt]{before}[0-9]))(?P<{_GROUPS[name]}>{after})"
        for name, (_, before, after) in reversed(_LETTERS.items())
    )
    return re.compile(
        rf"[0-9](?<![0-9][0-9])(?:(?<=[A-Z\-][0-9])(?=[0-9L-V])(?:{'|'.join(capital)})"
        rf"|(?<=[a-z][0-9]){small}|{_LONG}{_START}(?:{digits}))"
    )


_NUMBERS = _numbers()


def numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Each number of the text that has a shape: the shape, where it starts and ends.

    A run's shape is its length: `16`. A number that may have several shapes has the first of the table.
    """
    for match in _NUMBERS.finditer(text):
        start, end = match.span()
        shape, back = _SHAPES[match.lastgroup or ""]
        yield str(end - start) if shape == RUN else shape, start - back, end
