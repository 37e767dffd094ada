"""Looks through a text by itself, with no call around it."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from tollway.guardrails.apart import apart
from tollway.guardrails.found import Family
from tollway.guardrails.rule import Do, Rule
from tollway.guardrails.search import Detector
from tollway.guardrails.spot import NOTHING, Know, Spot, searched
from tollway.guardrails.verdict import ruled
from tollway.guardrails.words import own_words
from tollway.policy.guarding import Guarding
from tollway.policy.guardrails import GuardrailEntry
from tollway.scanning.detectors import detectors

NO_KEY = b"scan"
"""Hashes that are not kept need no secret."""


class Looking(Struct, frozen=True):
    """What is looked for."""

    rules: Sequence[Rule]
    detectors: Sequence[Detector]
    know: Know = lambda kind, value: NOTHING

    def spots(self, body: bytes) -> list[Spot]:
        """All that some rule would do something with, in its order, none over another."""
        found = searched(body, self.detectors, self.know).spots
        return [spot for spot, _ in apart([*ruled(found, self.rules)])]


def for_families(families: Collection[Family]) -> Looking:
    """All kinds of these."""
    names = frozenset(family.value for family in families)
    rule = Rule(number=0, name="scan", finds=names, certain=Do.FLAG, generic=Do.FLAG)
    return Looking([rule], detectors(families))


def by_policy(entries: Sequence[GuardrailEntry], key: bytes) -> Looking:
    """What the guardrails of a policy are about, whoever called. `key`: of the hashes in its allow-lists."""
    guarding = Guarding(entries, key)
    return Looking(
        guarding.rules, [*map(own_words, guarding.own), *detectors(guarding.families)], guarding.know
    )
