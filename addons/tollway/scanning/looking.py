"""Looks through a text by itself, with no call around it."""

from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

from tollway.guardrails.found import Family
from tollway.guardrails.rule import Do
from tollway.guardrails.search import Detector
from tollway.guardrails.spot import Spot, searched
from tollway.guardrails.words import own_words
from tollway.policy.guarding import Guarding
from tollway.policy.guardrails import GuardrailEntry
from tollway.scanning.detectors import detectors

NO_KEY = b"scan"
"""Hashes that are not kept need no secret."""


class Looking(Struct, frozen=True):
    """What is looked for."""

    guarding: Guarding
    detectors: Sequence[Detector]
    counts: Callable[[Spot], bool]
    """Whether what was found is to be told."""

    def spots(self, body: bytes) -> list[Spot]:
        """All that is found in a text, in its order."""
        found = searched(body, self.detectors, self.guarding.know)
        return [spot for spot in found.spots if self.counts(spot)]


def for_families(families: Collection[Family]) -> Looking:
    """All kinds of these."""
    return Looking(Guarding((), NO_KEY), detectors(families), lambda spot: True)


def by_policy(entries: Sequence[GuardrailEntry], key: bytes) -> Looking:
    """What some guardrail of a policy would do something with, whoever called. `key`: of the hashes in its
    allow-lists."""
    guarding = Guarding(entries, key)
    made = [*map(own_words, guarding.own), *detectors(guarding.families)]
    return Looking(
        guarding,
        made,
        lambda spot: any(rule.does(spot, spot.known) is not Do.IGNORE for rule in guarding.rules),
    )
