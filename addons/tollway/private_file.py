"""A file that only its owner may read, there whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def fresh_file(folder: Path, data: bytes) -> Iterator[Path]:
    """A file of this content (0600, on the disk) under a name of its own, to be renamed or linked into place.

    It is gone afterwards unless it was renamed. Raises OSError.
    """
    path = folder / f".{secrets.token_hex(8)}.new"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)
