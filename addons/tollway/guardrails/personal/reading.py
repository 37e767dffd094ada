"""A text that is read for personal data, and what is known of it as a whole."""

from functools import cached_property

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.personal.named import around, is_named, mentioned


class Reading:
    """One text. What it names is looked up when the first detector asks, and once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._place = (-1, -1)
        self._words = ""
        self._named: frozenset[str] = frozenset()

    @cached_property
    def mentions(self) -> frozenset[str]:
        """The kinds that words may name somewhere in it."""
        return mentioned(self.text)

    def names(self, kind: str, start: int, end: int) -> bool:
        """Whether the words around a place name a kind."""
        if kind not in self.mentions:
            return False
        if self._place != (start, end):  # a number may be of many kinds: its words are read once
            self._place, self._words = (start, end), around(self.text, start, end)
            self._named = mentioned(self._words)
        return kind in self._named and is_named(self._words, kind)

    def found(self, kind: str, start: int, end: int, tier: Tier) -> Found:
        """Personal data at a place of the text."""
        return Found(start=start, end=end, kind=kind, family=Family.PERSONAL, tier=tier)
