"""The key of the credentials' fingerprints: made once, kept beside the ledger, never shown."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from tollway.errors import TollwayError

BYTES = 32


def load_or_make(folder: Path) -> bytes:
    """The key in `folder`, made at first use (mode 0600). Two processes that start at once agree.

    Raises TollwayError, which says what is wrong with the file; never what is in it.
    """
    path = path_in(folder)
    try:
        if not path.exists():
            _make(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    return load(path)


def path_in(folder: Path) -> Path:
    """Where it is."""
    return folder / "fingerprint.key"


def load(path: Path) -> bytes:
    """The key in a file. Raises TollwayError, as `load_or_make`."""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(key) != BYTES:
        raise TollwayError(
            f"{path}: {len(key)} bytes instead of {BYTES}; delete it to have it made anew "
            "(credentials in the ledger then get new fingerprints)"
        )
    return key


def _unreadable(path: Path, error: OSError) -> TollwayError:
    return TollwayError(
        f"{path}: {error.strerror}; it holds the key of the credentials' fingerprints: make it "
        "readable by its owner, or set TOLLWAY_HOME to another folder"
    )


def _make(path: Path) -> None:
    """Put a key there, whole and on the disk before it has its name; one that got there first stays."""
    fresh = path.with_name(f".fingerprint-{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
