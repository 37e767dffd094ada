"""What the way back of a translated call has to know of the way there."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class WayBack(Struct, frozen=True, kw_only=True):
    """Of one call."""

    id: str
    """What ids of the answer are made of where its own will not do: letters and digits."""
    model: str
    """As the target was asked, for answers that name none."""
    tools: Mapping[str, str]
    """The caller's names of the tools whose names were too long, by the shorter ones."""
    reasoning_extra: bool = False
    """Reasoning tokens come on top of the completion tokens (a habit of the target's)."""


class Translator(Protocol):
    """Takes an answer as its decoded bytes come by, and says it in the caller's dialect. It never raises."""

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes, cut anywhere, and return what the caller gets now."""

    def flush(self) -> bytes:
        """What the caller gets once nothing more comes."""
