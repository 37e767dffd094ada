"""The operator's keys for providers, where a policy says that they are: read anew when they change."""

import logging
from collections.abc import Mapping
from pathlib import Path

from tollway.reloading import Stamp, stamp

logger = logging.getLogger(__name__)

LARGEST = 64 * 1024
"""Bytes of a file that holds a key."""


class ProviderKeys:
    """Keys by where they are: `env:VARIABLE`, `file:PATH`. None of them is ever shown."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._files: dict[str, tuple[Stamp, str | None]] = {}
        self._missing: set[str] = set()

    def of(self, place: str) -> str | None:
        """The key; None: there is none, and the log has said why."""
        kind, _, rest = place.partition(":")
        key = self._environment.get(rest) if kind == "env" else self._in_file(rest)
        if key:
            self._missing.discard(place)
        elif place not in self._missing:
            self._missing.add(place)
            logger.error("%s has no key: %s", place, "it is not set" if kind == "env" else "it can't be read")
        return key or None

    def _in_file(self, name: str) -> str | None:
        """The file is looked at for each call, and read when it has changed."""
        now, (seen, key) = stamp(Path(name)), self._files.get(name, (None, None))
        if now is None or now != seen:
            key = _text(Path(name))
            self._files[name] = now, key
        return key


def _text(path: Path) -> str | None:
    """The text of a file without the white space around it."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode().strip()
    except (OSError, ValueError):
        return None
