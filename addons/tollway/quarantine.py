"""Calls of which one cost more than its bound: hard limits refuse their like until the bound is accepted."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from tollway.ledger.store import Quarantined


class Quarantine:
    """What is known of violations, and which of them the policy accepts."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, str], str] = {}
        self._accepted: frozenset[str] = frozenset()

    def learn(self, found: Iterable[Quarantined]) -> None:
        """What the ledger knows, of other processes too."""
        for one in found:
            self._found[one.provider, one.model, one.shape] = one.alert

    def accept(self, alerts: Sequence[str]) -> None:
        """The alerts that the policy in force accepts; no others."""
        self._accepted = frozenset(alerts)

    def has(self, provider: str, model: str | None, shape: str) -> str | None:
        """The alert for which calls of this provider, model and shape are refused; None: they are not."""
        alert = self._found.get((provider, model, shape))
        return alert if alert not in self._accepted else None

    def add(self, provider: str, model: str | None, shape: str) -> Quarantined:
        """One more violation, to be told to the ledger. The same kind of calls has the same alert."""
        said = "\n".join((provider, model or "", shape)).encode()
        alert = f"bound-{blake2b(said, digest_size=5).hexdigest()}"
        found = Quarantined(alert=alert, provider=provider, model=model, shape=shape)
        self.learn([found])
        return found
