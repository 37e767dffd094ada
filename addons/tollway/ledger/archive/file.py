"""The file of an export: there whole or not at all, packed if its name says so; and one that is read."""

import gzip
import io
import os
import secrets
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, cast

from tollway.ledger.fault import LedgerError

OUT = "-"
"""In the place of a file's name: standard output, or input."""
LEVEL = 6
_PACKED = b"\x1f\x8b"
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a packed file raises that is not whole."""


@contextmanager
def to_write(name: str, anew: bool = False) -> Iterator[IO[bytes]]:
    """A file (0600) that has its name once it is whole, and on the disk; `.gz` is packed. `anew`: there must
    be none of that name. Raises LedgerError."""
    if name == OUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    if anew and path.exists():
        raise LedgerError(f"{name}: it is there already: name another file, so that none is lost")
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
                    yield cast(IO[bytes], packed)
            else:
                yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        _keep(path.absolute().parent)
    except OSError as error:
        raise LedgerError(f"{name}: {error.strerror or error}: name a file that can be written") from None
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def to_read(name: str) -> Iterator[IO[bytes]]:
    """A file, unpacked if it is packed. Raises LedgerError."""
    try:
        with nullcontext(sys.stdin.buffer) if name == OUT else open(name, "rb") as file:
            buffered = io.BufferedReader(cast(io.RawIOBase, file))
            if buffered.peek(2)[:2] == _PACKED:
                with gzip.open(buffered, "rb") as unpacked:
                    yield cast(IO[bytes], unpacked)
            else:
                yield buffered
    except BROKEN:
        raise LedgerError(f"{name}: it breaks off, or is damaged: copy it, or export again") from None
    except OSError as error:
        raise LedgerError(f"{name}: {error.strerror or error}: name a file that can be read") from None


def _keep(folder: Path) -> None:
    """Have a new name outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
