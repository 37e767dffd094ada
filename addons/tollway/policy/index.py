"""Finds the limits that match a call, whatever their number.

Each limit with a condition that asks for something is filed under one such condition: under each of its
values, or, if it has patterns, under what these begin with. A call looks up its own values; which patterns
mean a value is found out once, and remembered. So what a call costs depends on the limits that it meets
there, not on those that it does not.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.pattern import Condition, folded, is_pattern, tester, values
from tollway.policy.prefixes import Prefixes

Match = Mapping[str, Condition]
Test = tuple[str, Callable[[Value], bool]]

MOST_REMEMBERED = 8192
"""Values whose patterns are remembered; then all are forgotten."""
LONGEST_REMEMBERED = 256
CROWDED = 16
"""So many limits under one value are looked through rather than filed under a pattern instead."""


class Filed(NamedTuple):
    """A limit by its place, with what is left to be tested."""

    place: int
    rest: tuple[Test, ...]


class Index:
    """Over the conditions of limits, each known by its place."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._all: list[Filed] = []
        self._plain: dict[str, dict[str, list[Filed]]] = defaultdict(lambda: defaultdict(list))
        self._patterns: dict[str, Prefixes[Filed]] = {}
        self._remembered: dict[tuple[str, str], tuple[Filed, ...]] = {}
        crowds = Counter(
            (name, folded(name, text))
            for match in matches
            for name, condition in match.items()
            for text in condition.values
        )
        for place, match in enumerate(matches):
            self._file(place, match, crowds)
        self._names = tuple({**self._plain, **self._patterns})
        groups = self._plain["group"].values() if "group" in self._plain else ()
        self._of_groups = [filed for some in groups for filed in some]
        """All that are filed under a group."""
        if "group" in self._patterns:
            self._of_groups += self._patterns["group"].all()

    def find(self, attributes: Mapping[str, Value]) -> list[int]:
        """The places of all that match, rising."""
        found = [filed.place for filed in self._all if _passes(filed, attributes)]
        if attributes.get("group") == UNKNOWN_GROUPS:
            found += [filed.place for filed in self._of_groups if _passes(filed, attributes)]
        for name in self._names:
            value = attributes.get(name)
            if value is not None:
                for one in values(name, value):
                    found += [filed.place for filed in self._under(name, one) if _passes(filed, attributes)]
        return sorted(set(found))

    def _file(self, place: int, match: Match, crowds: Mapping[tuple[str, str], int]) -> None:
        asking = [name for name, condition in match.items() if not condition.negated]
        chosen = min(asking, key=lambda name: _worth(name, match[name], crowds), default=None)
        tests = tuple((name, tester(name, match[name])) for name in match if name != chosen)
        filed = Filed(place, tests)
        if chosen is None:
            self._all.append(filed)
            return
        for text in {folded(chosen, text) for text in match[chosen].values}:
            if is_pattern(text):
                self._patterns.setdefault(chosen, Prefixes(chosen)).add(text, filed)
            else:
                self._plain[chosen][text].append(filed)

    def _under(self, name: str, value: str) -> Sequence[Filed]:
        """What is filed under one value of an attribute."""
        if name not in self._patterns:
            return self._plain[name].get(value, ())
        remembered = self._remembered.get((name, value))
        return remembered if remembered is not None else self._look(name, value)

    def _look(self, name: str, value: str) -> Sequence[Filed]:
        plain = self._plain[name].get(value, ()) if name in self._plain else ()
        found = (*plain, *self._patterns[name].meaning(value))
        if len(value) <= LONGEST_REMEMBERED:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[name, value] = found
        return found


def _worth(
    name: str, condition: Condition, crowds: Mapping[tuple[str, str], int]
) -> tuple[bool, bool, int, str]:
    """Where to file a limit: the least first. Under plain values, unless half the policy stands there."""
    crowd = max(crowds[name, folded(name, text)] for text in condition.values)
    return crowd > CROWDED, any(map(is_pattern, condition.values)), crowd, name


def _passes(filed: Filed, attributes: Mapping[str, Value]) -> bool:
    for name, meets in filed.rest:
        if not meets(attributes.get(name)):
            return False
    return True
