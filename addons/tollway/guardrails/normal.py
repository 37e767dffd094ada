"""A text as a reader sees it: nothing of no width, and ASCII's letters where others look like them.

Keys that were copied from a chat or a page have such characters in them by accident, and texts that are to
pass a filter by intent. What is found in it is told by where it is in the text as it was.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from tollway.guardrails.found import Found

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), with the marks of direction."""
_DROPPED = re.compile(f"[{_INVISIBLE}]+")
_LOOKALIKES = {
    "АВЕЅІЈКМНОРСТУХѴаеѕіјорсухһԁԛԝѵгӏ": "ABESIJKMHOPCTYXVaesijopcyxhdqwvrl",  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγοσρυνιϲϳ": "ABEZHIKMNOPTYXayoopuvicj",  # Greek
    "ıɑɡ": "iag",  # Latin
    "‐‑‒–—―−﹣": "--------",
    "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))): " " * 16,
    "＂＇“”„‘’‚": "\"'\"\"\"'''",
}
"""Letters that Unicode's confusables.txt has for ASCII's, and signs that keyboards and editors change."""
_STYLED = (range(0x2102, 0x2150), range(0x2460, 0x2500), range(0x1D400, 0x1D800))
"""Where Unicode has letters and digits in bold, script, circles and the like."""
_AS_ASCII = {
    ord(shown): meant for row, means in _LOOKALIKES.items() for shown, meant in zip(row, means, strict=True)
} | {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F) if wide not in (0xFF02, 0xFF07)}
_AS_ASCII |= {
    code: plain
    for codes in _STYLED
    for code in codes
    if (plain := normalize("NFKC", chr(code))).isalnum() and plain.isascii() and len(plain) == 1
}
_AS_ASCII |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # no encoder takes halves of pairs
"""One character for one, so that nothing moves."""
_BEYOND = "\U0001d400-\U0001d7ff"
"""As a range: of letters one by one, each character of a text would be compared with each beyond 0xffff."""
_ODD = re.compile(
    f"[{_INVISIBLE}{_BEYOND}{re.escape(''.join(chr(code) for code in _AS_ASCII if code < 0x10000))}]"
)
"""Any of these: to look for them takes a thirtieth of the time."""


class Normal(Struct, frozen=True):
    """A text, and how it came to be."""

    text: str
    cuts: Sequence[int] = ()
    """Where something was dropped, in this text, ascending ..."""
    moved: Sequence[int] = ()
    """... and how much up to there."""
    written: str | None = None
    """The same text, but with its letters as they are written; None: it has no others."""

    def original(self, found: Found) -> Found:
        """The same, by where it is in the text as it was: with what was dropped within."""
        if not self.cuts:
            return found
        return replace(found, start=self._was(found.start), end=self._was(found.end - 1) + 1)

    def _was(self, at: int) -> int:
        number = bisect_right(self.cuts, at)
        return at + (self.moved[number - 1] if number else 0)


def normal(text: str) -> Normal:
    """The text as a reader sees it; most are so already."""
    if text.isascii() or _ODD.search(text) is None:
        return Normal(text)
    cuts, moved, dropped = list[int](), list[int](), 0
    for match in _DROPPED.finditer(text):
        cuts.append(match.start() - dropped)
        dropped += len(match[0])
        moved.append(dropped)
    written = _DROPPED.sub("", text) if cuts else text
    shown = written.translate(_AS_ASCII)
    return Normal(shown, tuple(cuts), tuple(moved), written if written != shown else None)
