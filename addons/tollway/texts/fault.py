"""What the file of texts can't do, in words for the person who can mend it."""

from pathlib import Path

from tollway.errors import TollwayError
from tollway.sidecar.fault import said


class TextsError(TollwayError):
    """It can't be opened, read or written."""


def explain(error: Exception, path: Path) -> TextsError:
    """An exception of SQLite, of a system call, or of what is in the file, as one for the user."""
    return TextsError(f"texts {path}: {said(error, path)}")
