"""Whether a row that comes from a file is one that readers of the ledger can read; the table's own CHECKs see
to what single values may be."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from tollway.ledger.archive.form import INTO, Column
from tollway.ledger.findings import read as read_findings
from tollway.ledger.store import LATEST_US

PARTS = ("input_nano", "cache_read_nano", "cache_write_nano", "output_nano", "other_nano")
TIMES = ("first_byte_us", "ended_us")
LARGEST = 2**63
LONGEST = 40
"""Characters of a value that are shown."""


def _is_object(text: str) -> bool:
    said = orjson.loads(text)
    return isinstance(said, dict) and all(isinstance(value, str) for value in said.values())


def _is_list(text: str) -> bool:
    said = orjson.loads(text)
    return isinstance(said, list) and all(isinstance(value, str) for value in said)


def _has_findings(text: str) -> bool:
    return all(one.kind for one in read_findings(text))


_TEXTS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "tags": (_is_object, "no JSON object of texts"),
    "claims": (_is_object, "no JSON object of texts"),
    "groups": (_is_list, "no JSON list of texts"),
    "limits": (_is_list, "no JSON list of texts"),
    "findings": (_has_findings, "no list of findings"),
}


class Unsound(ValueError):
    """A value that can't be: of which column, and why."""

    def __init__(self, key: str, value: Any, said: str) -> None:
        super().__init__(said)
        self.key, self.value, self.said = key, value, said


class Sound:
    """Looks at rows that have these columns, and INTO."""

    def __init__(self, names: Sequence[str], known: Sequence[Column]) -> None:
        named = {each.name: each for each in known}
        self._names = (*names, INTO)
        self._kinds = tuple([*(int if named[name].counts else str for name in names), str])
        place = {name: at for at, name in enumerate(names)}
        self._texts = [(place[name], name) for name in _TEXTS if name in place]
        self._times = [(place[name], name) for name in TIMES if name in place]
        self._parts = [place[name] for name in PARTS if name in place]
        self._cost = place.get("cost_nano")

    def check(self, row: Sequence[Any]) -> None:
        """Raises Unsound."""
        for at, (value, kind) in enumerate(zip(row, self._kinds, strict=True)):
            if value is not None and type(value) is not kind:
                raise Unsound(self._names[at], value, "no integer" if kind is int else "no text")
            if isinstance(value, int) and not -LARGEST <= value < LARGEST:
                raise Unsound(self._names[at], value, "no integer of 64 bits")
        for at, name in self._times:
            if row[at] is not None and not 0 <= row[at] <= LATEST_US:
                raise Unsound(name, row[at], "no time from 1970 to 2200 in microseconds")
        for at, name in self._texts:
            if row[at] is not None:
                self._look(name, row[at])
        if self._cost is not None and row[self._cost] != sum(row[at] or 0 for at in self._parts):
            raise Unsound("cost_nano", row[self._cost], f"not the sum of {', '.join(PARTS)}")

    def _look(self, name: str, text: str) -> None:
        is_it, said = _TEXTS[name]
        try:
            good = is_it(text)
        except (ValueError, TypeError, KeyError):
            good = False
        if not good:
            raise Unsound(name, text, said)
