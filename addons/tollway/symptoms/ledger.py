"""The ledger's file and folder, and the file of texts beside it, looked at and not changed."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tollway.diagnosis.ledger import Kept
from tollway.errors import TollwayError
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import is_of_fleet, path_of
from tollway.ledger.probe import behind
from tollway.paths import data_dir, ledger_url
from tollway.texts.file import beside


def kept(url: str | None, seconds: float) -> Kept:
    """What is known of the ledger of a URL; None: of the user's own. It blocks, for `seconds` at a lock, and
    where a fleet's Redis does not answer."""
    if url is not None and is_of_fleet(url):
        return _kept_in_redis(url, seconds)
    try:
        path = path_of(url or ledger_url())
    except TollwayError as error:
        return Kept(place=url or "", failure=str(error))
    folder = _nearest(path.parent)
    if not path.exists():
        failure = None if _writable(folder) else f"{folder}: it can't be written to: make it writable"
        return Kept(place=str(path), failure=failure, free_bytes=_free(folder), loose=_loose(url))
    free = _free(folder)
    try:
        lacks = behind(path, seconds)
    except LedgerError as error:
        return Kept(place=str(path), exists=True, failure=str(error), free_bytes=free)
    loose = (*_loose(url), *_open(path), *_open(beside(path)))
    return Kept(place=str(path), exists=True, behind=lacks, free_bytes=free, loose=loose)


def _kept_in_redis(url: str, seconds: float) -> Kept:
    """Whether a fleet's Redis answers; and the disk of this machine's journals."""
    from tollway.ledger.fleet.journal import folder_of  # redis takes as long to import as all else here
    from tollway.ledger.fleet.server import Server, where

    try:
        place = where(url)
        with closing(Server(place, seconds)) as server:
            server.ask("PING")
    except LedgerError as error:
        return Kept(place=url.partition(":")[0], exists=True, failure=str(error))
    folder = _nearest(folder_of(place))
    failure = None if _writable(folder) else f"{folder}: it can't be written to: make it writable"
    return Kept(place=place.shown, exists=True, failure=failure, free_bytes=_free(folder))


def _nearest(folder: Path) -> Path:
    """The folder itself, or what is there of its way."""
    return next((each for each in (folder, *folder.parents) if each.exists()), Path("/"))


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _loose(url: str | None) -> tuple[str, ...]:
    """What takes rights to Tollway's own folder away from others, who could put files into it."""
    folder = data_dir()
    return () if url is not None else tuple(_closed(folder, 0o022, "go-w"))


def _open(path: Path) -> Iterator[str]:
    return _closed(path, 0o077, "600")


def _closed(path: Path, bits: int, mode: str) -> Iterator[str]:
    if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & bits:
        yield f"chmod {mode} {path}"
