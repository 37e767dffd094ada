"""What a file of trusted certificates is made of, beside our own root."""

import hashlib
import json
from dataclasses import dataclass

ROOT = "tollway-ca.pem"
"""The name of the file with our root alone."""

_MARK = b"# tollway: "


@dataclass(frozen=True, slots=True)
class Recipe:
    """Whether the system's roots are in it, and which files or folders of the user's are."""

    system: bool
    own: tuple[str, ...] = ()

    def filename(self) -> str:
        """The file's name in the `ca` folder: the same for the same recipe, so that exports stay true."""
        if not self.own:
            return "bundle.pem" if self.system else ROOT
        return f"bundle-{hashlib.sha256(self.header()).hexdigest()[:12]}.pem"

    def header(self) -> bytes:
        """The file's first line, which says what it was made of; PEM readers skip it."""
        return _MARK + json.dumps([self.system, *self.own]).encode() + b"\n"


def origin(data: bytes) -> Recipe | None:
    """The recipe that a file was made by, from its first line; None if it is not one of ours."""
    line, _, _ = data.partition(b"\n")
    if not line.startswith(_MARK):
        return None
    try:
        system, *own = json.loads(line[len(_MARK) :])
    except (ValueError, TypeError):
        return None
    return Recipe(system is True, tuple(path for path in own if isinstance(path, str)))
