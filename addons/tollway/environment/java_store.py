"""The trust store that Java programs are given."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tollway.ca import bundle, keystore, roots, store
from tollway.environment.java import Store, own_store

_NAME = "java.p12"


@dataclass(frozen=True, slots=True)
class JavaStore:
    """The store to name, or None, with a warning, where the user's own could not be read into one."""

    path: Path | None
    warning: str = ""


def write(folder: Path, root: bytes, present: Mapping[str, str]) -> JavaStore:
    """Bring our copy of what Java trusts up to date: the user's own store, else Java's, else the system's."""
    own = own_store(present.get("JAVA_TOOL_OPTIONS", ""))
    if own is None or Path(own.path) == folder / _NAME:
        path, certificates = folder / _NAME, _default(present)
    else:
        path = _copy(folder, own)
        try:
            certificates = keystore.read(Path(own.path), own.password)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            return JavaStore(
                None,
                f"JAVA_TOOL_OPTIONS: {own.path}: {why}: Java refuses Tollway's certificates until that store "
                f"holds {store.root_path(folder)} (keytool -importcert -keystore {own.path} -file ...)",
            )
    keystore.write(path, certificates, root)
    return JavaStore(path)


def _copy(folder: Path, own: Store) -> Path:
    path = Path(os.path.abspath(own.path))
    if path.parent == folder:
        return path
    return folder / f"java-{hashlib.sha256(bytes(path)).hexdigest()[:12]}.p12"


def _default(present: Mapping[str, str]) -> list[bytes]:
    place = roots.java_roots(present)
    if place is not None:
        try:
            return keystore.read(place)
        except (OSError, ValueError):
            pass
    return bundle.certificates(roots.system_roots())
