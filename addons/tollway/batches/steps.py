"""A file that comes in steps, as Google's do (https://ai.google.dev/api/files, "resumable").

Each step says at which byte it begins. One that breaks off, or of which no answer comes, is sent again, from
its beginning or from wherever Google has come to; some bytes come twice then, and nobody else knows which of
them Google kept. In the end it says the hash of what it has: is it that of what was read here, nothing is
missing.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from tollway.batches.requests import Requests, Weigh
from tollway.batches.upload import File
from tollway.batches.weight import Weight, unread
from tollway.wire.counts import part, text

OTHER_BYTES = "its provider has other bytes of the file than were read here"
NO_HASH = "it came in several steps, and its provider does not say what it has of it"


class Steps:
    """One file."""

    def __init__(self, weigh: Weigh) -> None:
        self._requests = Requests(weigh)
        self._hash = hashlib.sha256()
        self._steps = 0
        self.size = 0
        """Bytes that were read."""

    @property
    def kept(self) -> int:
        """Bytes that are kept of it."""
        return self._requests.kept

    def step(self, offset: int) -> "Step | None":
        """What reads a step that begins at this byte; None: nobody here read what is before it."""
        if offset > self.size:
            return None
        self._steps += 1
        return Step(self, offset)

    def take(self, offset: int, data: bytes) -> None:
        """Take what is new of the bytes from `offset` on, which is not beyond `size`."""
        new = data[self.size - offset :]
        self._requests.feed(new)
        if not self._requests.is_other:
            self._hash.update(new)
        self.size += len(new)

    def weight(self, stated: str | None) -> Weight | None:
        """What its requests come to; None: it is no file of requests. `stated`: its hash, as its provider
        says it."""
        found = self._requests.weight()
        if found is None:
            return None
        if stated is None:
            return found if self._steps == 1 else unread(NO_HASH, found.requests)
        return found if _is_hash(stated, self._hash.digest()) else unread(OTHER_BYTES, found.requests)


class Step:
    """One step, read as it passes. Another one of the same bytes may pass at the same time."""

    def __init__(self, file: Steps, offset: int) -> None:
        self._file = file
        self._offset = offset

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._file.take(self._offset, data)
        self._offset += len(data)

    def taken(self, said: Mapping[str, Any]) -> File | None:
        """As `Reads.taken`: `{"file": {"name", "sha256Hash"}}`, as the last step is answered."""
        file = part(said, "file")
        id = text(file, "name")
        weight = None if id is None else self._file.weight(text(file, "sha256Hash"))
        return None if id is None or weight is None else File(id, weight)


def _is_hash(stated: str, digest: bytes) -> bool:
    """Whether it is what a provider states: in hexadecimal, or in base64, of its bytes or its hexadecimal."""
    try:
        decoded = base64.b64decode(stated, validate=True)
    except binascii.Error:
        return False
    written = digest.hex()
    return decoded in (digest, written.encode()) or stated.lower() == written
