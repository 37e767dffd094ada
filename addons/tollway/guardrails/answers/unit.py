"""How a streamed body is cut into its messages without losing a byte, and how messages are put into it."""

from typing import NamedTuple, Protocol

from tollway.guardrails.answers.said import Message

LIMIT = 64 * 1024 * 1024
"""Bytes of one message: a longer one is passed on as it comes, unread."""


class Unit(NamedTuple):
    """A stretch of a body: a message with what stands around it, or what is none."""

    raw: bytes
    """All of it."""
    data: bytes = b""
    """The message; empty: there is none in it."""
    head: bytes = b""
    tail: bytes = b""
    """What is written before and behind a message that changed."""
    joint: bytes = b"\n"
    """What a line end within the message is written as."""
    ends: bool = False
    """No message comes behind it."""

    def holding(self, data: bytes) -> bytes:
        """The same with another message."""
        return self.head + data.replace(b"\n", self.joint) + self.tail


class Cutter(Protocol):
    """Cuts one body: its units' `raw` are the body, byte for byte, wherever it was cut before."""

    def feed(self, chunk: bytes) -> list[Unit]:
        """The units that the next bytes finish."""

    def rest(self) -> Unit:
        """What nothing has finished; with a `tail` that does."""

    def write(self, message: Message) -> bytes:
        """A message as it stands in this body between two units."""

    def close(self) -> bytes:
        """The end of a body that has none yet."""
