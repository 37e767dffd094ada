"""What the engine asks of a socket's reader."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tollway.sockets.events import Event


class Session(Protocol):
    """Reads the messages of one socket, in the order in which they pass, and keeps none.

    A message is whole, its fragments put together; whether it was sent as text or as binary does not matter.
    It never raises, whatever it is fed.
    """

    unread: int
    """Messages that nothing here knows: binary, no JSON, of an unknown type."""

    def feed(self, content: bytes, *, from_client: bool, at: int) -> Sequence[Event]:
        """Take the next message. `at`: microseconds since the epoch.

        One from the client is fed before it is passed on: a call that begins with it may yet be refused.
        """

    def refuse(self, call: int | None, status: int, message: str, code: str) -> bytes:
        """The call is not to be, and what asked for it goes nowhere: the message that tells the client so.

        None: the message is about no call. `status` is the one that a refusal over HTTP would have.
        """

    def clamped(self, content: bytes, maximum: int) -> bytes:
        """A message from the client, with no output maximum above `maximum`; one is put where it may be.

        Every other byte stays. Raises ValueError where the fields would be inside of what is no object.
        """

    def texts(self, content: bytes) -> Iterable[str]:
        """The texts in a message from the client that a model reads."""

    def close(self, at: int) -> Sequence[Event]:
        """The socket is closed: what was under way is cut. What is fed afterwards is not read."""
