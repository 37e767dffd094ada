"""What is the same for all workers, those among them that are started anew."""

import errno
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tollway.engine.shares import BYTES, PLACES, Page
from tollway.errors import TollwayError
from tollway.secret_place import SecretPlace
from tollway.workers.place import Place
from tollway.workers.process import Words, Worker


@contextmanager
def shared_file() -> Iterator[int]:
    """A file without a name, for as long as the context lasts: how many connections each worker has, and the
    lock of the log. Its descriptor."""
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), BYTES)
        yield file.fileno()


@contextmanager
def kept_key(place: SecretPlace | None) -> Iterator[int]:
    """What came by a descriptor, which is read once, kept in memory for workers that are started anew. Its
    descriptor; -1: workers read the keys where they are. Raises TollwayError."""
    if place is None or place.kind != "fd":
        yield -1
        return
    data = place.read({})
    if not hasattr(os, "memfd_create"):
        raise TollwayError(
            f"--ca-key {place}: several workers take it by file: or credential: on this system"
        )
    with os.fdopen(os.memfd_create("ca-key"), "r+b") as file:
        file.write(data)
        file.flush()
        yield file.fileno()


class Launch:
    """Starts workers."""

    def __init__(
        self, words: Words, sockets: Sequence[Sequence[socket.socket]], page: int, key: int = -1
    ) -> None:
        """`words`: a worker's command line; `page`: the shared file; `key`: that of `kept_key`."""
        self._key = key
        self._words = words
        self._sockets = [[each.fileno() for each in some] for some in sockets]
        self._fd = page
        self._page = Page(page)
        self._page.clear()
        self._taken: set[int] = set()

    async def __call__(self, number: int) -> Worker:
        """The worker of this number. Raises OSError."""
        free = set(range(PLACES)) - self._taken
        if not free:
            raise OSError(errno.EAGAIN, "too many of those before it have not left yet")
        share = min(free)
        self._taken.add(share)
        place = Place(number=number, share=share, page=self._fd, sockets=self._sockets, key=self._key)
        try:
            worker = await Worker.start(self._words, place)
        except BaseException:
            self._free(share)
            raise
        worker.when_ended(lambda: self._free(share))
        return worker

    def _free(self, share: int) -> None:
        self._page.free(share)
        self._taken.discard(share)
