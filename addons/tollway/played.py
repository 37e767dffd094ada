"""An answer that is not asked of a provider: of a recording, or of a call in flight."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from tollway.model import Usage

Told = Callable[[], None]


class Head(Struct, frozen=True, kw_only=True):
    """What stands before such an answer."""

    status: int = 200
    fields: tuple[tuple[bytes, bytes], ...] = ()
    """Headers, none of which is about how the answer is framed."""
    size: int | None = None
    """The bytes of all that follows, if that is known."""


class CameTo(Struct, frozen=True, kw_only=True):
    """What the call came to that was asked of its provider."""

    usage: Usage = Usage()
    cost_nano: int = 0


class BrokenOff(Exception):
    """The answer does not go on, and has not ended."""


class Played(Protocol):
    """What is asked for such an answer."""

    @property
    def came_to(self) -> CameTo | None:
        """What it cost somebody; None: that is not known yet."""

    def head(self) -> Head:
        """Its head; asked for once."""

    def take(self) -> bytes | None:
        """What has come since; b"": nothing yet; None: that was all. Raises BrokenOff."""

    def when_more(self, told: Told) -> None:
        """Have it told, once, that anything of all this has changed; at once, if nothing will any more."""

    def leave(self) -> None:
        """Take no more of it."""
