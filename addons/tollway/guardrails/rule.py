"""A guardrail, ready to judge what was found."""

from collections.abc import Mapping
from enum import IntEnum

from msgspec import Struct

from tollway.guardrails.found import Tier
from tollway.guardrails.spot import Spot


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
    request: bool = True
    response: bool = False
    restore: bool = False
    never_into: tuple[str, ...] = ()
    shadow: bool = False

    def does(self, spot: Spot) -> Do:
        """What it would do with it, if there are enough of its kind."""
        if spot.kind not in self.finds and spot.family.value not in self.finds:
            return Do.IGNORE
        if self.number in spot.known.passes:
            return Do.IGNORE
        return self.certain if spot.tier is Tier.CERTAIN else self.generic

    def least_for(self, kind: str) -> int:
        """So many different values have to be there."""
        return self.least_of.get(kind, self.least)
