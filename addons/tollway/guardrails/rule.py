"""A guardrail, ready to judge what was found."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Protocol

from msgspec import Struct

from tollway.guardrails.found import Family, Tier
from tollway.guardrails.spot import Known


class Do(IntEnum):
    """What is done with what was found; of several, the greatest."""

    IGNORE = 0
    FLAG = 1
    REDACT = 2
    BLOCK = 3

    @property
    def word(self) -> str:
        """As policies, rows and metrics have it."""
        return self.name.lower()


class Judged(Protocol):
    """What was found, wherever it stands."""

    @property
    def kind(self) -> str: ...
    @property
    def family(self) -> Family: ...
    @property
    def tier(self) -> Tier: ...


class Rule(Struct, frozen=True, kw_only=True):
    """One of a policy."""

    number: int
    """Its place among them."""
    name: str
    finds: frozenset[str]
    """Names of families and kinds."""
    certain: Do
    generic: Do
    least: int = 1
    """Different values of a kind, below which nothing is done."""
    least_of: Mapping[str, int] = {}
    """The same, by kind."""
    unscanned: Do = Do.IGNORE
    """With files that nothing here reads."""
    reach: int = 0
    """Characters of the longest of its own words; of patterns, of any length, as many as count."""
    request: bool = True
    response: bool = False
    restore: bool = False
    never_into: tuple[str, ...] = ()
    shadow: bool = False

    def does(self, one: Judged, known: Known) -> Do:
        """What it would do with it, if there are enough of its kind."""
        if one.kind not in self.finds and one.family.value not in self.finds:
            return Do.IGNORE
        if self.number in known.passes:
            return Do.IGNORE
        return self.certain if one.tier is Tier.CERTAIN else self.generic

    def least_for(self, kind: str) -> int:
        """So many different values have to be there."""
        return self.least_of.get(kind, self.least)


class Said(Struct, frozen=True):
    """What a rule says of what was found."""

    do: Do
    rule: Rule


def strictest(one: Judged, known: Known, rules: Iterable[Rule], may_change: bool = True) -> Said | None:
    """The strictest of what the rules say; of equals, the first. One that puts back what it redacts gives way
    to one that does not. None: nothing is done. `may_change`: else what would be redacted is blocked."""
    said = [Said(_allowed(rule.does(one, known), may_change), rule) for rule in rules]
    found = max(said, key=lambda each: (each.do, not each.rule.restore), default=None)
    return found if found is not None and found.do is not Do.IGNORE else None


def _allowed(do: Do, may_change: bool) -> Do:
    return Do.BLOCK if do is Do.REDACT and not may_change else do
