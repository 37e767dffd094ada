"""Where a secret is handed in: `file:PATH`, `fd:NUMBER` (inherited), `credential:NAME` (systemd's). Never the
secret itself, which every process of the machine would see on a command line."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tollway.errors import TollwayError

FOLDER = "CREDENTIALS_DIRECTORY"
"""The variable by which systemd says where a service's credentials are."""
LARGEST = 1024 * 1024
"""Bytes; systemd takes no larger credential."""
SHAPE = "file:PATH, fd:NUMBER or credential:NAME"


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """One of them."""

    kind: str
    name: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Raises ValueError, which does not repeat what may be a secret."""
        kind, _, name = text.partition(":")
        if kind not in ("file", "fd", "credential") or not name:
            raise ValueError(f"it says where the secret is: {SHAPE}")
        if kind == "fd" and not (name.isascii() and name.isdigit() and len(name) < 8):
            raise ValueError(f"{text!r} is no file descriptor: fd:3, for example")
        if kind == "credential" and ("/" in name or name in (".", "..")):
            raise ValueError(f"{text!r} is no credential's name: it is as LoadCredential= has it")
        return cls(kind, name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    def path(self, environment: Mapping[str, str]) -> Path | None:
        """The file that holds it; None: a descriptor does. Raises TollwayError."""
        if self.kind == "fd":
            return None
        if self.kind == "file":
            return Path(self.name)
        if not (folder := environment.get(FOLDER)):
            raise TollwayError(
                f"{self}: {FOLDER} is not set: systemd sets it for services that have LoadCredential= or "
                "LoadCredentialEncrypted="
            )
        return Path(folder) / self.name

    def read(self, environment: Mapping[str, str]) -> bytes:
        """What is there. A descriptor is closed, so that no program that we start has it. Raises
        TollwayError, without what is there."""
        path = self.path(environment)
        try:
            data = _of_descriptor(int(self.name)) if path is None else _of_file(path)
        except OSError as error:
            raise TollwayError(f"{self}: {error.strerror}") from None
        if not data or len(data) > LARGEST:
            raise TollwayError(f"{self}: {len(data)} bytes, not between 1 and {LARGEST}")
        return data


def _of_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _of_descriptor(number: int) -> bytes:
    """All of it. Of a file from its beginning, moving nothing: processes that share one have one place in it
    between them, and may read at once."""
    with os.fdopen(number, "rb") as file:
        if stat.S_ISREG(os.fstat(number).st_mode):
            return os.pread(number, LARGEST + 1, 0)
        return file.read(LARGEST + 1)
