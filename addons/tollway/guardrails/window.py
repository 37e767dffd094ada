"""An answer that is searched while it comes: a window over its text, which is never collected."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tollway.guardrails.disjoint import disjoint
from tollway.guardrails.found import Found
from tollway.guardrails.search import Detector, search
from tollway.guardrails.segments import SURE, Pace, Segment, segment

LONG_MOST = 2_048
"""Characters of a value that is held to its end, as it will not be released."""
CONTEXT = 200
"""Characters before that are searched with what is new: they may say what it is."""
_UNHURRIED = Pace(step=384, hold=512)
"""Where nothing waits for it."""
_AT_ONCE = Pace(step=4_096, hold=4_096 + SURE)
"""Where nobody waits for a part of it: a search has a price, whatever it goes through."""
_NO_TOKEN = re.compile(r"[^\w.~+/=-]")


class Verdict(Struct, frozen=True):
    """What becomes of what was found."""

    instead: str | None = None
    """What takes its place; None: it passes."""
    ends: bool = False
    """The answer ends before it."""


PASS, END = Verdict(), Verdict(ends=True)
Settle = Callable[[Found, str], Verdict]
"""Told once of each finding, by its place in the whole text, with the value that stands there."""


class _Place(NamedTuple):
    """What was found, by the text that is held."""

    start: int
    end: int
    found: Found


class Scanning:
    """One text, fed in pieces cut anywhere: what is found in it does not depend on how."""

    ended = False
    """A verdict ended it: nothing more comes of it."""

    def __init__(
        self,
        detectors: Sequence[Detector],
        settle: Settle,
        *,
        holds: bool = True,
        reach: int = 0,
        at_once: bool = False,
        weigh: Callable[[Found, str], int] = lambda found, value: 0,
    ) -> None:
        """`holds`: findings may be replaced; without it nothing is held back, and verdicts but END are PASS.
        `reach`: see Pace. `at_once`: nobody has anything of it before its end. `weigh`: of findings that lie
        over each other the one of more weight is settled, and no other."""
        self._weigh = weigh
        self._detectors = detectors
        self._settle = settle
        self._holds = holds
        pace = _AT_ONCE if at_once else Pace() if holds else _UNHURRIED
        self._usual = self._pace = replace(pace, reach=reach)
        self._text, self._at, self._dropped = "", 0, 0
        self._last: tuple[int, str, Verdict] = (0, "", PASS)
        """Up to where something was told, what, and what was said to it."""
        self._goes_on = False
        """What was told last had no end in what was seen."""

    def feed(self, text: str) -> str:
        """What may be released."""
        if self.ended:
            return ""
        self._text += text
        if self._holds:
            return self._through(is_all=False)
        if len(self._text) - self._at >= self._pace.step:
            self._through(is_all=False)
        return "" if self.ended else text

    def end(self) -> str:
        """The rest."""
        free = "" if self.ended else self._through(is_all=True)
        return free if self._holds else ""

    def _through(self, is_all: bool) -> str:
        free = list[str]()
        while not self.ended:
            if self._goes_on:
                free.append(self._rest_of_it())
            if (one := segment(self._text, self._at, self._pace, is_all)) is None:
                break
            found = [] if one.plain else self._found(one)
            if self._is_cut(one, found):
                self._pace = replace(self._pace, hold=self._pace.hold * 2)
            else:
                free.append(self._released(one, found))
        drop = self._at - CONTEXT
        if drop > CONTEXT:
            self._text, self._at = self._text[drop:], CONTEXT
            self._dropped += drop
        return "".join(free)

    def _rest_of_it(self) -> str:
        """What is left of a value that is longer than what was seen of it has the same verdict."""
        at, rest = self._at, _NO_TOKEN.search(self._text, self._at)
        self._at = rest.start() if rest else len(self._text)
        self._goes_on = rest is None
        return self._text[at : self._at] if self._last[2].instead is None else ""

    def _is_cut(self, one: Segment, found: Sequence[_Place]) -> bool:
        """Whether the end of a value is still to come, and is waited for."""
        return bool(found) and found[-1].end == one.seen > one.end and one.seen - found[-1].start < LONG_MOST

    def _released(self, one: Segment, places: Sequence[_Place]) -> str:
        text, at = self._text, self._at
        free = list[str]()
        for place in places:
            verdict = self._verdict(place)
            if verdict.ends:
                self.ended = True
                return "".join([*free, text[at : max(at, place.start)]])
            value = text[max(at, place.start) : place.end]
            free += (text[at : place.start], value if verdict.instead is None else verdict.instead)
            at = place.end
        self._goes_on = at == one.seen > one.end
        self._at, self._pace = max(at, one.end), self._usual
        return "".join([*free, text[at : self._at]])

    def _found(self, one: Segment) -> list[_Place]:
        """What begins in it, or goes on into it."""
        begin = max(0, self._at - CONTEXT)
        text = self._text[begin : one.seen]
        found = search(text, self._detectors)
        every = disjoint(found, lambda each: self._weigh(each, text[each.start : each.end]))
        places = (_Place(each.start + begin, each.end + begin, each) for each in every)
        return [place for place in places if place.start < one.end and place.end > self._at]

    def _verdict(self, place: _Place) -> Verdict:
        start, end, found = place
        first, last = start + self._dropped, end + self._dropped
        told, kind, before = self._last
        if first < told and found.kind == kind:  # more of the same was seen
            verdict = before if before.instead is None else Verdict("")
        else:
            before = verdict = self._settle(replace(found, start=first, end=last), self._text[start:end])
        self._last = (max(last, told), found.kind, before)
        return verdict
