"""What a process writes on one of its streams, in memory alone.

Its end is the process's, and not that of the pipe: a daemon that a command leaves behind holds the pipe open.
"""

import asyncio
import os
from typing import Self

LARGEST = 64 * 1024
"""Bytes that are kept: the last ones."""


class Caught:
    """A pipe, while the context lasts; its other end is the process's."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._full = asyncio.Event()

    def __enter__(self) -> Self:
        self._from, self.end = os.pipe()
        os.set_blocking(self._from, False)
        asyncio.get_running_loop().add_reader(self._from, self._take)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.get_running_loop().remove_reader(self._from)
        os.close(self._from)
        os.close(self.end)

    async def too_much(self) -> None:
        """Wait until there is more than is kept."""
        await self._full.wait()

    def all(self) -> bytes:
        """What was written, now that the process has ended."""
        while self._take() and not self._full.is_set():
            pass
        return bytes(self._data)

    def _take(self) -> bool:
        """Take what there is; False: there is nothing."""
        try:
            self._data += (data := os.read(self._from, LARGEST))
        except BlockingIOError:
            return False
        if len(self._data) > LARGEST:
            self._full.set()
            del self._data[:-LARGEST]
        return bool(data)
