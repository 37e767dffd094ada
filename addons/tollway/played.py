"""An answer that is not asked of a provider: of a recording, or of a call in flight."""

from typing import Protocol

from msgspec import Struct


class Head(Struct, frozen=True, kw_only=True):
    """What stands before such an answer."""

    status: int = 200
    fields: tuple[tuple[bytes, bytes], ...] = ()
    """Headers, none of which is about how the answer is framed."""
    size: int | None = None
    """The bytes of all that follows, if that is known."""


class BrokenOff(Exception):
    """The answer does not go on, and has not ended."""


class Played(Protocol):
    """What the engine asks for such an answer. It never waits for it but in the hook `http_more`."""

    def head(self) -> Head:
        """Its head; asked for once."""

    def take(self) -> bytes | None:
        """What has come since; b"": nothing yet; None: that was all. Raises BrokenOff."""
