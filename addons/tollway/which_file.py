"""Whether a path still names the file that it did."""

from pathlib import Path


def which_file(path: Path) -> tuple[int, int] | None:
    """The file that a path names now: its device and number; None: it names none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
