"""Searches bodies for what the guardrails of a policy are about, each content once."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from functools import partial

from tollway.apart import apart
from tollway.guardrails.memory import Looked, Memory
from tollway.guardrails.search import finds
from tollway.guardrails.spot import Searched
from tollway.guardrails.together import searched_together
from tollway.guardrails.unmasked import unmasked
from tollway.guardrails.words import own_words
from tollway.policy.guarding import Guarding
from tollway.policy.schema import Policy
from tollway.scanning.detectors import detectors

LONG = 262_144
"""Bytes of a body, above which not even what is new in it is found out on the event loop."""
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
        every = (*map(own_words, guarding.own), *detectors(guarding.families))
        self.detectors = [unmasked(detector) for detector in every]
        self._memory = Memory(key)
        self._search = partial(finds, detectors=self.detectors)
        self._one_at_a_time = asyncio.Semaphore(1)

    def search(self, body: bytes) -> Searched | Awaitable[Searched]:
        """All that is in a body; where that takes long it is searched beside the event loop."""
        if len(body) > LONG:
            return self._apart(lambda: self._searched(self._memory.look(body)))
        looked = self._memory.look(body)
        if sum([len(piece.content) for piece in looked.new]) > AT_ONCE:
            return self._apart(lambda: self._searched(looked))
        return self._searched(looked)

    def finds(self, text: str) -> bool:
        """Whether something is in a text by itself."""
        return self._memory.has(text, self._search)

    async def _apart(self, search: Callable[[], Searched]) -> Searched:
        """One long text after the other, so that all else goes on."""
        async with self._one_at_a_time:
            return await apart(search)

    def _searched(self, looked: Looked) -> Searched:
        new = [piece.content for piece in looked.new]
        found = searched_together(new, self.detectors, self.guarding.know) if new else ()
        return self._memory.learn(looked, found)
