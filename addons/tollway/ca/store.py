"""The certificate authority on disk: `ca/` in the data folder (0700), its secret in one file (0600).

One file, because what is written at once can't be half there: it is written under another name and then
linked to its own, which fails if somebody else was first. Processes that start together agree that way
without a lock that could be left behind.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tollway.ca import record
from tollway.ca.authority import RENEW, Authority, AuthorityError
from tollway.ca.make import make
from tollway.ca.recipe import ROOT
from tollway.paths import make_dir
from tollway.private_file import fresh_file

SECRET = "authority.pem"


class StoreError(AuthorityError):
    """The authority's files can't be used; the text names the path and says what to do."""


def secret_path(folder: Path) -> Path:
    """The file with the key, in the `ca` folder."""
    return folder / SECRET


def root_path(folder: Path) -> Path:
    """The file with the root alone, which clients are to trust, in the `ca` folder."""
    return folder / ROOT


def load(folder: Path, now: datetime) -> Authority | None:
    """The authority in `folder`, or None if there is none yet. Raises StoreError if it can't be trusted."""
    path = secret_path(folder)
    with _spoken(path):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        _private(folder, 0o022, "written")
        _private(path, 0o077, "read")
    try:
        authority = record.parse(data)
    except AuthorityError as error:
        raise StoreError(f"{path}: {error}") from None
    except ValueError as error:
        raise StoreError(f"{path}: {error}: restore it, or {RENEW}") from None
    _in_time(path, authority, now)
    return authority


def load_or_make(folder: Path, hosts: Iterable[str], now: datetime) -> Authority:
    """The authority in `folder`, made for these hosts if there is none: only then are they asked for.

    Raises AuthorityError, and TollwayError if the folder can't be made.
    """
    authority = load(folder, now) or _first(folder, make(hosts, now), now)
    replace(root_path(folder), authority.root_pem())
    return authority


def renew(folder: Path, hosts: Iterable[str], now: datetime) -> tuple[Authority, Path | None]:
    """A new authority in the place of the old one, and where the old one was put aside.

    The old file is not read: it may be broken, which is why it is replaced. Raises as `load_or_make` does.
    """
    fresh = make(hosts, now)
    aside = folder / f"authority-replaced-{now:%Y%m%d}-by-{fresh.id}.pem"
    with _spoken(secret_path(folder)):
        try:
            secret_path(folder).rename(aside)
        except FileNotFoundError:
            kept = None
        else:
            kept = aside
    authority = _first(folder, fresh, now)
    replace(root_path(folder), authority.root_pem())
    return authority, kept


def replace(path: Path, data: bytes) -> None:
    """Give `path` this content at once, unless it has it already. Only its owner can read it.

    Raises StoreError.
    """
    with _spoken(path):
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == data:
                return
        with fresh_file(path.parent, data) as fresh:
            os.replace(fresh, path)


def _first(folder: Path, authority: Authority, now: datetime) -> Authority:
    """Put this authority in its place; if another process was first, that one's is the authority."""
    path = secret_path(folder)
    with _spoken(path):
        with fresh_file(make_dir(folder), record.dump(authority)) as fresh:
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            else:
                return authority
    winner = load(folder, now)
    if winner is None:
        raise StoreError(f"{path}: it was moved away while it was read: try again")
    return winner


@contextlib.contextmanager
def _spoken(path: Path) -> Iterator[None]:
    """Say of an error of the file system which path it met and what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {error.strerror}: the certificate authority needs a folder of your "
            "own on a file system with links and modes; TOLLWAY_HOME=FOLDER names another"
        ) from None


def _private(path: Path, bits: int, verb: str) -> None:
    """Raise unless `path` is ours alone. Windows keeps no modes, and folders of users are private there."""
    if os.name != "posix":
        return
    status = path.stat()
    mode, owner = stat.S_IMODE(status.st_mode), status.st_uid
    if mode & bits:
        right = "700" if path.is_dir() else "600"
        raise StoreError(
            f"{path}: it can be {verb} by others (mode {mode:04o}), who may have the key by now. If nobody "
            f"else uses this machine: `chmod {right} {path}`; if in doubt {RENEW}"
        )
    if os.geteuid() not in (owner, 0) and owner != 0:
        raise StoreError(f"{path}: it belongs to user {owner}, not to you: remove it, or {RENEW}")


def _in_time(path: Path, authority: Authority, now: datetime) -> None:
    start, end = authority.root.not_valid_before_utc, authority.ends()
    if now >= end:
        raise StoreError(f"{path}: the certificate authority ended on {end:%Y-%m-%d}: {RENEW}")
    if now < start:
        raise StoreError(
            f"{path}: the certificate authority begins on {start:%Y-%m-%d}, and the clock says "
            f"{now:%Y-%m-%d}: set the clock, or {RENEW}"
        )
