"""Where a text that grows may be cut, so that what is before can be judged and released.

A cut depends on the text alone, never on the pieces it came in. Nothing that is looked for goes on over a
line's end, or over a space between words that no number is near; words of letters alone are none of it
either, but for operators' own. Where a text has none of these, each STEP characters are judged by all that is
held. A private key has lines, so it is taken from its first to its last.
"""

import re
from typing import NamedTuple

from msgspec import Struct

HOLD = 160
"""Characters that are held back, at most."""
STEP = 32
"""Those that are judged together, at least: a search has a price, however little it is to go through."""
SURE = HOLD - STEP
"""The longest value that is whole before a part of it is released, whatever it stands in."""
KEY_MOST = 16_384
"""Characters of a private key."""
_NEAR = 20
"""Characters between a number and a word that may belong to it: `12th of May 1985`."""

_LETTER = r"[^\W\d_]"
_UNSPACED = r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters of scripts that have no spaces between words."""
_BEFORE, _AFTER = r"""["'“‘(]{0,2}+""", r"""[.,;:)"'”’]{0,3}+"""
"""What may stand at a word. `!` may not: a password may end in it."""
_NEXT = rf" {{1,3}}+(?={_BEFORE}{_LETTER})"
_PLAIN = re.compile(
    rf"(?:{_BEFORE}{_LETTER}(?:{_LETTER}|[.'’/:-](?={_LETTER})){{0,14}}+{_AFTER}(?:{_NEXT}|\n)"
    rf"|{_UNSPACED}[、。，！？；：]?(?={_UNSPACED}))++"
)
"""No password is of letters alone, and no key is so short."""
_BORDER = re.compile(rf"\n|(?<={_LETTER}){_AFTER}{_NEXT}|(?<={_UNSPACED})[、。，！？；：]?(?={_UNSPACED})")
_NUMBER = re.compile(r"\d")

_BEGIN, _END = "-----BEGIN ", "-----END "
_HEADER = re.compile(rf"{_BEGIN}[A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----")
_HEADER_BEGUN = re.compile(rf"{_BEGIN}[A-Z0-9 ]{{0,60}}-{{0,4}}")
_FOOTER = re.compile(rf"{_END}[A-Z0-9 ]{{0,60}}-----|[(){{}}<>]| = | [a-z]{{1,12}} [a-z]{{1,12}}[ .,]")
"""Or what is in no key: someone writes about them."""


class Pace(Struct, frozen=True):
    """How a text is cut."""

    step: int = STEP
    hold: int = HOLD
    reach: int = 0
    """Characters of the longest that is looked for and is made of words, such as an operator's own: so
    much is seen beyond a border. Not more than SURE."""


class Segment(NamedTuple):
    """What comes next."""

    end: int
    """What begins before may be judged."""
    seen: int
    """By the text up to here."""
    plain: bool = False
    """There is nothing to be found in it."""


def segment(text: str, at: int, pace: Pace, is_all: bool) -> Segment | None:
    """The one that begins there; None: more of the text has to come. `is_all`: no more does."""
    if at >= len(text):
        return None
    if not pace.reach and (plain := _PLAIN.match(text, at)):
        return Segment(plain.end(), plain.end(), plain=True)
    if text.startswith(_BEGIN, at):
        if header := _HEADER.match(text, at):
            return _key(text, at, header.end(), is_all)
        if not is_all and _HEADER_BEGUN.fullmatch(text, at):
            return None
    return _cut(text, at, pace, is_all)


def _key(text: str, at: int, inside: int, is_all: bool) -> Segment | None:
    most = at + KEY_MOST
    if footer := _FOOTER.search(text, inside, most):
        end = footer.end() if footer[0].startswith(_END) else footer.start()
        return Segment(end, end)
    if is_all or len(text) >= most:
        return Segment(min(len(text), most), min(len(text), most))
    return None


def _cut(text: str, at: int, pace: Pace, is_all: bool) -> Segment | None:
    border = _border(text, at, pace)
    key = text.find(_BEGIN, at + 1, border or at + pace.hold)
    if key >= 0:
        return Segment(key, key)
    if border is not None:
        if border + pace.reach <= len(text) or is_all:
            return Segment(border, min(border + pace.reach, len(text)))
    elif len(text) >= at + pace.hold:
        return Segment(at + pace.step, at + pace.hold)
    elif is_all:
        return Segment(len(text), len(text))
    return None


def _border(text: str, at: int, pace: Pace) -> int | None:
    for border in _BORDER.finditer(text, at + pace.step - 1, at + pace.hold):
        start = border.start()
        if border[0] == "\n" or not _NUMBER.search(text, max(0, start - _NEAR), start):
            return border.end()
    return None
