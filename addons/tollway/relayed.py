"""What the engine asks of whoever looks at the messages of a socket, and what it is told."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from msgspec import Struct


class Passage(Struct, frozen=True, kw_only=True):
    """What becomes of one message."""

    content: bytes | None = None
    """What is passed on in its place; None: itself."""
    is_dropped: bool = False
    """Nothing of it is passed on."""
    answer: bytes | None = None
    """What the client is told, as if its server had."""
    close: tuple[int, str] | None = None
    """The socket is closed, to both sides: why, as a code and in words."""
    later: "asyncio.Future[Passage] | None" = None
    """Says whether the socket is to be closed because of it, once that is known; nothing waits for it."""
    sent: Callable[[], None] | None = None
    """Told once the message is passed on."""


AS_IT_IS = Passage()


class Relayed(Protocol):
    """Looks at the messages of one socket, in the order in which they come.

    A message is whole, and unpacked. It is passed on once it is said what becomes of it: those behind it
    wait, those that go the other way do not.
    """

    def take(self, content: bytes, from_client: bool) -> "Passage | asyncio.Future[Passage]":
        """Take the next message."""

    def leaves(self) -> bool:
        """The client has left, or is about to; whether its server is still read."""

    def is_busy(self) -> bool:
        """Whether its server is to be read any further for a client that left."""

    def closed(self) -> None:
        """Nothing more comes from either side. It may be told more than once."""
