"""What a store of texts does, whatever keeps it."""

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from msgspec import Struct

Part = Literal["request", "response"]

TOO_LARGE, UNREADABLE, BINARY, DELETED = "too_large", "unreadable", "binary", "deleted"
"""Why a text is not there: longer than its rule allows; coded in a way that nothing here undoes; no text at
all; its time was over."""


class Text(Struct, frozen=True, kw_only=True):
    """What one side of a call said, or why that is not there."""

    call: str
    """The ledger's id."""
    part: Part
    rule: str
    """The entry of the policy's `record` by which it is kept."""
    kept_us: int
    until_us: int
    """When it is deleted."""
    dialect: str
    """A key of `wire.DIALECTS`: the format that it is in."""
    media_type: str = ""
    """As its head said."""
    body: bytes | None = None
    """Decoded, and without credentials once it is kept. None: see `why_not`."""
    size: int
    """Bytes of it, as it was before anything was taken out; of one that broke off or was too large, so many
    came."""
    whole: bool = True
    """False: it broke off."""
    why_not: str | None = None

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Text({self.call}, {self.part}, {self.size} bytes)"


class Texts(Protocol):
    """Where a process keeps texts. None of its verbs blocks, waits or raises, but for `close`."""

    def keep(self, text: Text, secrets: Collection[str]) -> None:
        """Keep it, without what looks like a credential, and without these.

        What can't be kept is lost: no call waits for it, or fails of it.
        """

    def prune(self, now_us: int) -> None:
        """Delete what is over."""

    def close(self) -> None:
        """Keep what waits, for some seconds at the most, then let go. Blocks."""


class Nowhere:
    """`Texts` that keeps none."""

    def keep(self, text: Text, secrets: Collection[str]) -> None:
        """Nothing."""

    def prune(self, now_us: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


NOWHERE = Nowhere()


class KeptTexts(Protocol):
    """Those that were kept, to read."""

    def of(self, call: str, now_us: int) -> Sequence[Text]:
        """The texts of a call, its request first; none is shown beyond its time. Raises TextsError."""

    def close(self) -> None:
        """Let go."""
