"""The calls in flight that others may join, by the place of their answer: the same call in the same scope."""

from tollway.joining.shared import Shared


class Flying:
    """Of one process."""

    def __init__(self) -> None:
        self._shared: dict[bytes, Shared] = {}

    def find(self, key: bytes) -> Shared | None:
        """The answer that is on its way to a place."""
        return self._shared.get(key)

    def lead(self, key: bytes, most: int) -> Shared:
        """Be the one that asks the provider: there is none yet. `most`: as of `Shared`."""
        shared = self._shared[key] = Shared(most)
        return shared

    @property
    def listeners(self) -> int:
        """How many calls listen to them."""
        return sum(shared.listeners for shared in self._shared.values())

    def land(self, key: bytes, shared: Shared) -> None:
        """Nobody joins it any more."""
        if self._shared.get(key) is shared:
            del self._shared[key]
