"""Searches bodies for what the guardrails of a policy are about, each content once."""

import asyncio
import hmac
from collections.abc import Sequence

from tollway.apart import apart
from tollway.guardrails.memory import Looked, Memory
from tollway.guardrails.pieces import Piece
from tollway.guardrails.spot import Searched, searched
from tollway.guardrails.unmasked import unmasked
from tollway.guardrails.words import own_words
from tollway.policy.guarding import Guarding
from tollway.policy.schema import Policy
from tollway.scanning.detectors import detectors

AT_ONCE = 32_768
"""Bytes of new content that are searched on the event loop: ordinary text takes 5 ms of it, one that is made
of secrets fifty."""


def guard_key(secret: bytes) -> bytes:
    """The key by which values are known, of the key of the credentials' fingerprints."""
    return hmac.digest(secret, b"guardrails", "sha256")


def screening(policy: Policy, key: bytes) -> "Screening | None":
    """What searches for a policy's guardrails; None: it has none. Making the engine may take a second."""
    return Screening(Guarding(policy.guardrails, key), key) if policy.guardrails else None


class Screening:
    """For one policy. What was found in which content is remembered as long as it is in force."""

    def __init__(self, guarding: Guarding, key: bytes) -> None:
        self.guarding = guarding
        self.key = key
        self.detectors = (*map(own_words, guarding.own), *detectors(guarding.families))
        self._unmasked = [unmasked(detector) for detector in self.detectors]
        self._memory = Memory(key)
        self._one_at_a_time = asyncio.Semaphore(1)

    def look(self, body: bytes) -> Looked:
        """Which of its content is new."""
        return self._memory.look(body)

    def search(self, looked: Looked) -> Searched:
        """All that is in a body."""
        return self._memory.learn(looked, self._search(looked.new))

    async def search_apart(self, looked: Looked) -> Searched:
        """The same, beside the event loop: one long text after the other, so that all else goes on."""
        async with self._one_at_a_time:
            found = await apart(lambda: self._search(looked.new))
        return self._memory.learn(looked, found)

    def _search(self, new: Sequence[Piece]) -> list[Searched]:
        return [searched(piece.content, self._unmasked, self.guarding.know) for piece in new]
