"""Where the admin address is: a port, or a socket in a folder of this machine."""

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

from tollway.addresses import url

Address = tuple[str, int]
Place = Address | Path
"""A host and a port, or the path of a Unix socket."""

SCHEME = "unix:"
MODE = 0o660
"""Of the socket: its owner and its group may ask, which is the log-in there; its folder may allow less."""
QUEUE = 128
TRIES_SECONDS = 1.0
"""What another program gets to answer on a socket that is there already."""


def shown(place: Place) -> str:
    """As `--admin` takes it, or as a URL."""
    return f"{SCHEME}{place}" if isinstance(place, Path) else url(*place)


def listening(path: Path) -> socket.socket:
    """A Unix socket that listens there, which nobody but its owner and group could ever ask.

    In the place of one that a dead program left. Raises OSError.
    """
    _make_room(path)
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with suppress(OSError):  # Linux makes the file with this mode, so that there is no moment between
            os.fchmod(found.fileno(), MODE)
        found.bind(str(path))
        path.chmod(MODE)
        found.listen(QUEUE)
        found.setblocking(False)
    except BaseException:
        found.close()
        raise
    return found


def inode(path: Path) -> tuple[int, int] | None:
    """Which file is there; None: none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_room(path: Path) -> None:
    """Remove a socket on which nobody answers."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise OSError(f"there is a file that is no socket: remove {path}, or choose another path")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(TRIES_SECONDS)
        try:
            client.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise OSError("another program answers there: stop it, or choose another path")
