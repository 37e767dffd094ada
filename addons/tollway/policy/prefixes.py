"""Patterns filed by the text that they begin with, so that a value is held against few of thousands."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from tollway.policy.pattern import folded, matcher

_BEGINS = re.compile(r"[^*?]*")


class Prefixes[Item]:
    """The patterns of one attribute, each with something that it leads to."""

    def __init__(self, name: str) -> None:
        """`name`: the attribute's."""
        self._name = name
        self._filed: dict[str, list[tuple[Callable[[str], object], Item]]] = defaultdict(list)
        self._lengths: tuple[int, ...] = ()

    def add(self, pattern: str, item: Item) -> None:
        """File one."""
        begins = _BEGINS.match(folded(self._name, pattern))
        assert begins is not None
        self._filed[begins[0]].append((matcher(self._name, pattern), item))
        self._lengths = tuple(sorted({*self._lengths, len(begins[0])}))

    def near(self, value: str) -> Iterator[tuple[Callable[[str], object], Item]]:
        """Those that begin as a folded value does: what says whether they mean it, and where they lead."""
        for length in self._lengths:
            if length <= len(value):
                yield from self._filed.get(value[:length], ())

    def all(self) -> Iterator[Item]:
        """Where all of them lead."""
        return (item for filed in self._filed.values() for _, item in filed)

    def meaning(self, value: str) -> Iterator[Item]:
        """Where those lead that mean a folded value."""
        return (item for means, item in self.near(value) if means(value))
