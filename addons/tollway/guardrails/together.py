"""Several contents searched at once: a search has its price, however little it goes through."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from tollway.guardrails.flat import Flat, flat
from tollway.guardrails.found import Found
from tollway.guardrails.search import Detector, search
from tollway.guardrails.spot import Know, Searched, placed

WALL = "\n" + "\x1e" * 60 + "\n"
"""Between two contents: neither a word nor a space goes on over it, and what names something is nearer."""


def searched_together(contents: Sequence[bytes], detectors: Sequence[Detector], know: Know) -> list[Searched]:
    """What is in each of them: what is found in it alone."""
    lines = [flat(content) for content in contents]
    found = _apart(lines, search(WALL.join([one.text for one in lines]), detectors))
    return [
        placed(content, one, search(one.text, detectors) if inside is None else inside, know)
        for content, one, inside in zip(contents, lines, found, strict=True)
    ]


def _apart(lines: Sequence[Flat], found: Sequence[Found]) -> list[list[Found] | None]:
    """The findings of each. None: one goes on into another content, or comes from there; what that hides is
    to be looked for in each by itself."""
    starts, at = list[int](), 0
    for one in lines:
        starts.append(at)
        at += len(one.text) + len(WALL)
    apart: list[list[Found] | None] = [[] for _ in lines]
    for each in found:
        first = bisect_right(starts, each.start) - 1
        last = bisect_right(starts, each.end - 1) - 1
        inside = apart[first]
        if first == last and inside is not None:
            inside.append(replace(each, start=each.start - starts[first], end=each.end - starts[first]))
        else:
            apart[first : last + 1] = [None] * (last + 1 - first)
    return apart
