"""The same complaint, again and again: it is told once in a while, with how often it came meanwhile.

Whoever is refused can come back at once, as often as he likes: what is written of it must not grow with that.
"""

from collections.abc import Hashable
from dataclasses import dataclass

SECONDS = 60.0
"""Between two times that one complaint is told."""
MOST = 256
"""Different ones in that time; those beyond them are one together."""


@dataclass(slots=True)
class _Told:
    at: float
    since: int = 0


class Repeated:
    """Knows what was told lately."""

    def __init__(self, seconds: float = SECONDS, most: int = MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._told: dict[Hashable, _Told] = {}

    def tell(self, complaint: Hashable, now: float) -> int | None:
        """How often it came since it was told, if it is to be told at `now` (in seconds); None: it is not."""
        if complaint not in self._told and len(self._told) >= self._most:
            self._forget(now)
        name = complaint if complaint in self._told or len(self._told) < self._most else None
        told = self._told.get(name)
        if told is not None and self._is_lately(told, now):
            told.since += 1
            return None
        self._told[name] = _Told(now)
        return 0 if told is None else told.since

    def _forget(self, now: float) -> None:
        self._told = {name: told for name, told in self._told.items() if self._is_lately(told, now)}

    def _is_lately(self, told: _Told, now: float) -> bool:
        return told.at <= now < told.at + self._seconds  # a clock that was set back is no reason to be silent
