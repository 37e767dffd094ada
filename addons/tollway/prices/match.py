"""Whether a price-list entry that claims a name really means it.

genai-prices matches by prefix and by part, so `gemini-3.8-flash` claims `gemini-3.8-flash-lite` too. A claim
holds if all that the entry's clause does not cover is a version, a date, a region or a path.
"""

import re
from collections.abc import Callable
from typing import Any

_WORDS = "latest|preview|exp|experimental|beta|default|customtools|native-audio"
_TAIL = re.compile(rf"(?:[-@:](?:{_WORDS}|v\d+|\d{{2,8}}|\d+k|(?<=:)\d))*\Z")
_HEAD = re.compile(r"(?:.*[/.:])?\Z")
_FAMILIES = ("gemma-", "ft:")
"""Names whose entries mean the whole family: sizes of a free model, any owner of a fine-tuned one."""


def claims(clause: Any, name: str) -> int | None:
    """How many characters of the name the clause covers, or None if it does not mean this name.

    `clause` is a match clause of genai-prices; `name` is in lower case.
    """
    span = _span(clause, name)
    if span is None:
        return None
    start, end = span
    if name.startswith(_FAMILIES) or (_HEAD.match(name[:start]) and _TAIL.match(_tail(name, end))):
        return end - start
    return None


def _tail(name: str, end: int) -> str:
    """What follows the covered part, with a separator that the clause took along."""
    return name[end - 1 :] if 0 < end < len(name) and name[end - 1] in "-@:" else name[end:]


def _span(clause: Any, name: str) -> tuple[int, int] | None:
    """Start and end of what the clause covers; None if it does not match. (0, 0): it only excludes."""
    for kind, cover in _COVERS.items():
        text = getattr(clause, kind, None)
        if text is not None:
            return cover(text, name)
    return None


def _equals(text: str, name: str) -> tuple[int, int] | None:
    return (0, len(name)) if name == text.lower() else None


def _starts(text: str, name: str) -> tuple[int, int] | None:
    return (0, len(text)) if name.startswith(text.lower()) else None


def _ends(text: str, name: str) -> tuple[int, int] | None:
    return (len(name) - len(text), len(name)) if name.endswith(text.lower()) else None


def _contains(text: str, name: str) -> tuple[int, int] | None:
    start = name.find(text.lower())
    return (start, start + len(text)) if start >= 0 else None


def _regex(text: str, name: str) -> tuple[int, int] | None:
    found = re.search(text, name)
    if found is None or found.start() == found.end():
        return (0, 0) if found else None
    start, end = found.span()
    while end < len(name) and name[end].isdigit():
        end += 1
    return start, end


def _any(clauses: list[Any], name: str) -> tuple[int, int] | None:
    spans = [span for clause in clauses if (span := _span(clause, name)) is not None]
    return max(spans, key=_length, default=None)


def _all(clauses: list[Any], name: str) -> tuple[int, int] | None:
    spans = [_span(clause, name) for clause in clauses]
    known = [span for span in spans if span is not None]
    return max(known, key=_length) if known and len(known) == len(spans) else None


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


_COVERS: dict[str, Callable[[Any, str], tuple[int, int] | None]] = {
    "equals": _equals,
    "starts_with": _starts,
    "ends_with": _ends,
    "contains": _contains,
    "regex": _regex,
    "or_": _any,
    "and_": _all,
}
