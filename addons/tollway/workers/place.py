"""What a worker inherits, as its command line says it."""

import os
import socket
from typing import Self

import msgspec
from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """Of one worker: file descriptors, and who it is."""

    number: int
    """From 1."""
    share: int
    """Its place among those that have about as many connections."""
    line: int = -1
    """To the supervisor."""
    page: int
    """The file with the connections of each; it is the lock of the log, too."""
    sockets: list[list[int]]
    """What it listens on, by mode."""
    key: int = -1
    """A file in memory with the certificate authority's keys; -1: they are where `--ca-key` says."""

    def word(self) -> str:
        """For a command line."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of(cls, word: str) -> Self:
        """Raises ValueError."""
        try:
            return msgspec.json.decode(word, type=cls)
        except msgspec.MsgspecError as error:
            raise ValueError(f"what a supervisor says is otherwise: {error}") from None

    def fds(self) -> list[int]:
        """All of them."""
        key = [] if self.key < 0 else [self.key]
        return [self.line, self.page, *key, *(fd for some in self.sockets for fd in some)]

    def keep(self) -> None:
        """Have none of them pass on to programs that we start."""
        for fd in self.fds():
            os.set_inheritable(fd, False)

    def listening(self) -> list[list[socket.socket]]:
        """The sockets, which are the caller's then."""
        return [[socket.socket(fileno=fd) for fd in some] for some in self.sockets]
