"""The certificate authority on disk: `ca/` in the data folder (0700), its secret in one file (0600). The next
authority lies beside it, until it takes its place.

One file, because what is written at once can't be half there: it is written under another name and then
linked to its own, which fails if somebody else was first. Processes that start together agree that way
without a lock that could be left behind.
"""

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tollway.ca import record
from tollway.ca.anchor import Anchor, Anchors
from tollway.ca.authority import RENEW, Authority, AuthorityError
from tollway.ca.make import make
from tollway.ca.recipe import ROOT
from tollway.ca.succession import Next, Succession
from tollway.paths import make_dir
from tollway.private_file import fresh_file

SECRET = "authority.pem"
NEXT = "authority-next.pem"

type HandOver = Callable[[bytes], None]
"""Takes an authority's key, in PEM, to where it is kept instead."""


class StoreError(AuthorityError):
    """The authority's files can't be used; the text names the path and says what to do."""


def secret_path(folder: Path) -> Path:
    """The file with the key, in the `ca` folder."""
    return folder / SECRET


def root_path(folder: Path) -> Path:
    """The file with the root alone, which clients are to trust, in the `ca` folder."""
    return folder / ROOT


def next_path(folder: Path) -> Path:
    """The file of the authority that takes over, in the `ca` folder."""
    return folder / NEXT


def each_path(folder: Path, anchors: Anchors) -> dict[str, Path]:
    """By their ids, files with one root each: for systems that take one from a file."""
    if len(anchors.all) == 1:
        return {anchors.id: root_path(folder)}
    return {each: folder / f"tollway-ca-{each}.pem" for each in anchors.ids}


def load(folder: Path, now: datetime) -> Authority | None:
    """The authority in `folder` that signs now, or None if there is none yet.

    Raises StoreError if it can't be trusted, AuthorityError if its key is elsewhere.
    """
    found = succession(folder, now)
    return None if found is None else found.signing(now)


def succession(folder: Path, now: datetime, keys: Sequence[record.Key] = ()) -> Succession | None:
    """The authority in `folder` and the next one, or None if there is none yet; `keys`: those that are kept
    elsewhere. Raises StoreError if they can't be trusted."""
    path = secret_path(folder)
    if (data := _content(folder, path)) is None:
        return None
    first, after = _spoken_of(path, record.read, data, keys), next_path(folder)
    if (data := _content(folder, after)) is None:
        found = Succession(first)
    else:
        anchor, since = _spoken_of(after, record.read, data, keys), _spoken_of(after, record.since, data)
        found = Succession(first, Next(anchor, since))
    standing = found.standing(now)
    _in_time(path if standing is first else after, standing, now)
    return found


def load_or_make(folder: Path, hosts: Iterable[str], now: datetime) -> Authority:
    """The authority in `folder` that signs now, made for these hosts if there is none: only then are they
    asked for.

    Raises AuthorityError, and TollwayError if the folder can't be made.
    """
    return succession_or_make(folder, hosts, now).signing(now)


def succession_or_make(
    folder: Path, hosts: Iterable[str], now: datetime, keys: Sequence[record.Key] = ()
) -> Succession:
    """The same, with the next one. Raises as `load_or_make` does."""
    found = succession(folder, now, keys) or Succession(_first(folder, make(hosts, now), now))
    write_roots(folder, found.trusted(now))
    return found


def write_roots(folder: Path, anchors: Anchors) -> None:
    """Bring the files that clients are to trust up to date. Raises StoreError."""
    replace(root_path(folder), anchors.root_pem())
    several = each_path(folder, anchors) if len(anchors.all) > 1 else {}
    for anchor in anchors.all:
        if (path := several.get(anchor.id)) is not None:
            replace(path, anchor.root_pem())
    with spoken(folder):
        for path in folder.glob("tollway-ca-*.pem"):
            if path not in several.values():
                path.unlink(missing_ok=True)


def renew(
    folder: Path, hosts: Iterable[str], now: datetime, hand_over: HandOver | None = None
) -> tuple[Authority, Path | None]:
    """A new authority in the place of the old one (and of the next one), and where the old one was put aside.

    The old file is not read: it may be broken, which is why it is replaced. `hand_over` takes
    its key, which then is not in the file. Raises as `load_or_make` does.
    """
    fresh = make(hosts, now)
    if hand_over is not None:
        hand_over(record.key_pem(fresh))
    aside = folder / f"authority-replaced-{now:%Y%m%d}-by-{fresh.id}.pem"
    kept = aside if _moved(secret_path(folder), aside) else None
    _moved(next_path(folder), aside.with_name(f"authority-next-replaced-{now:%Y%m%d}-by-{fresh.id}.pem"))
    authority = _first(folder, fresh, now, with_key=hand_over is None)
    write_roots(folder, Anchors((authority,)))
    return authority, kept


def replace(path: Path, data: bytes) -> None:
    """Give `path` this content at once, unless it has it already. Only its owner can read it.

    Raises StoreError.
    """
    with spoken(path):
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == data:
                return
        with fresh_file(path.parent, data) as fresh:
            os.replace(fresh, path)


def _first(folder: Path, authority: Authority, now: datetime, with_key: bool = True) -> Authority:
    """Put this authority in its place; if another process was first, that one's is the authority."""
    if put(secret_path(folder), record.dump(authority, with_key=with_key)):
        return authority
    winner = load(folder, now)
    if winner is None:
        raise StoreError(f"{secret_path(folder)}: it was moved away while it was read: try again")
    return winner


def put(path: Path, data: bytes) -> bool:
    """Whether the file has this content now; False: there was one before. Raises StoreError."""
    with spoken(path), fresh_file(make_dir(path.parent), data) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            return False
        return True


def _moved(path: Path, to: Path) -> bool:
    """Whether there was such a file. Raises StoreError."""
    with spoken(path):
        try:
            path.rename(to)
        except FileNotFoundError:
            return False
        return True


def _content(folder: Path, path: Path) -> bytes | None:
    """What is in a file that nobody else can read; None: there is none. Raises StoreError."""
    with spoken(path):
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        _private(folder, 0o022, "written")
        _private(path, 0o077, "read")
        return data


def _spoken_of[T](path: Path, read: Callable[..., T], *values: object) -> T:
    """What `read` finds; its errors name the file."""
    try:
        return read(*values)
    except AuthorityError as error:
        raise StoreError(f"{path}: {error}") from None
    except ValueError as error:
        raise StoreError(f"{path}: {error}: restore it, or {RENEW}") from None


@contextlib.contextmanager
def spoken(path: Path) -> Iterator[None]:
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


def _in_time(path: Path, authority: Anchor, now: datetime) -> None:
    start, end = authority.root.not_valid_before_utc, authority.ends()
    if now >= end:
        raise StoreError(f"{path}: the certificate authority ended on {end:%Y-%m-%d}: {RENEW}")
    if now < start:
        raise StoreError(
            f"{path}: the certificate authority begins on {start:%Y-%m-%d}, and the clock says "
            f"{now:%Y-%m-%d}: set the clock, or {RENEW}"
        )
