"""Telephone numbers, as the numbering plans of the world have them.

CERTAIN in international form (`+49 ...`), unless it stands at a line's beginning without a separator, as what
a diff adds does. GENERIC in national form: only where a word before says that it is one (`Tel.`), or in the
forms of North America (`(415) 555-2671`, `415-555-2671`). Numbers for films and examples are none
(`555-01xx`, the United Kingdom's of Ofcom), nor are those that count or repeat.
"""

import re
from collections.abc import Iterator, Mapping

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.named import after, is_named
from tollway.guardrails.personal.numbering import is_international, is_national
from tollway.guardrails.personal.placeholder import has_filler, is_placeholder
from tollway.guardrails.personal.reading import Reading

KIND = "phone"
FORMS: Mapping[str, Tier | None] = {"3-3-4": Tier.GENERIC}

_GAP = r"(?:[ ()/\-\u00a0\u202f\u2010-\u2013]{1,3}|\.(?=[0-9]{2}))"
_END = r"(?![0-9A-Za-z_])"
_LEAST = 7
"""Digits: of fewer, any number would be one."""
_ENOUGH = rf"(?=(?:{_GAP}?[0-9]){{{_LEAST}}})"
_INTERNATIONAL = re.compile(
    rf"\+{_ENOUGH}(?:(?<![0-9A-Za-z_)\]+]\+)|(?<=\\[nrt]\+))[1-9][0-9]{{0,14}}+{_END}"
    rf"(?:{_GAP}[0-9]{{1,14}}+{_END}){{0,7}}+"
)
_NATIONAL = re.compile(
    r"[(0-9](?:(?<![0-9A-Za-z_+][(0-9])|(?<=\\[nrt][(0-9]))(?<![0-9][.:/\-][0-9])(?![0-9]{3}-[0-9]{2}-[0-9]{2})"
    rf"[0-9]{{0,14}}+{_END}(?:{_GAP}[0-9]{{1,14}}+{_END}){{0,7}}+(?!:|\.[0-9])"
)
_AMERICAN = re.compile(r"\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[-. ][0-9]{4}(?![0-9A-Za-z_])")
_DATE = re.compile(r"[0-9]{1,2}([./\-])[0-9]{1,2}\1(?:19|20)?[0-9]{2}")
_NO_DIGIT = re.compile(r"[^0-9]")
_LAST_GROUP = re.compile(rf"{_GAP}++[0-9]++\Z")
_GROUPS_TOO_MANY = 3
"""Those after a number: a time, an extension."""
_BEFORE = 32
"""Characters before a number that may name it."""


def phones(reading: Reading) -> Iterator[Found]:
    """All of the text's, in no order; some of them may overlap."""
    yield from _international(reading)
    yield from _american(reading)
    yield from _national(reading)


def _international(reading: Reading) -> Iterator[Found]:
    for match in _INTERNATIONAL.finditer(reading.text):
        if size := _size(match[0]):
            start, end = match.start(), match.start() + size
            yield reading.found(KIND, start, end, _tier(reading.text, start, end))


def _size(written: str) -> int:
    """How much of it is a number: what comes after one may be digits, too. 0: none of it."""
    for _ in range(1 + _GROUPS_TOO_MANY):
        digits = _digits(written)
        if not is_placeholder(digits) and is_international(digits):
            return len(written)
        written = _LAST_GROUP.sub("", written)
    return 0


def _tier(text: str, start: int, end: int) -> Tier:
    at_a_line = text[start - 1 : start] in ("", "\n") and text[start + 1 : end].isdigit()
    if at_a_line and not is_named(text[max(0, start - _BEFORE) : start], KIND):
        return Tier.GENERIC
    return Tier.CERTAIN


def _american(reading: Reading) -> Iterator[Found]:
    for match in _AMERICAN.finditer(reading.text):
        if is_international("1" + _digits(match[0])):
            yield reading.found(KIND, *match.span(), Tier.GENERIC)


def american(reading: Reading, _: str, start: int, end: int) -> Found | None:
    """The number that a shape is, in North America, with hyphens or points."""
    digits = _digits(reading.text[start:end])
    if reading.text[start + 3] not in "-." or has_filler(digits) or not is_international(f"1{digits}"):
        return None
    return reading.found(KIND, start, end, Tier.GENERIC)


def _national(reading: Reading) -> Iterator[Found]:
    for match in after(reading.text, KIND, _NATIONAL, _BEFORE):
        digits = _digits(match[0])
        if len(digits) < _LEAST or _DATE.fullmatch(match[0]) or has_filler(digits):
            continue
        if is_national(digits):
            yield reading.found(KIND, *match.span(), Tier.GENERIC)


def _digits(written: str) -> str:
    """`(0)` is dialled inside of the country alone."""
    return _NO_DIGIT.sub("", written.replace("(0)", ""))
