"""Files of trusted certificates: what a program trusted before, and our root. Nobody's own file is edited."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tollway.ca import pem, store
from tollway.ca.recipe import Recipe, origin
from tollway.ca.roots import system_roots

_OURS = b"\x0c\x07Tollway"
"""The organisation in the names of our certificates, as DER has it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file that was written, and which of the user's files could not be read into it."""

    path: Path
    unread: tuple[str, ...] = ()


def write(folder: Path, recipe: Recipe, root: bytes) -> Bundle:
    """Bring the file of this recipe up to date with the roots that it is made of; `root` is ours, in PEM.

    Where none of the user's files could be read, the system's roots stand in, so that a name mistyped long
    ago takes no more trust away than it did.
    """
    parts = [(source, certificates(source)) for source in map(Path, recipe.own)]
    unread = tuple(str(source) for source, found in parts if not found)
    if recipe.system or (recipe.own and len(unread) == len(parts)):
        roots = system_roots()
        parts.insert(0, (roots, certificates(roots)))
    path = folder / recipe.filename()
    merged = union([der for _, found in parts for der in found], pem.decode(root))
    store.replace(path, (recipe.header() if parts else b"") + b"".join(map(pem.encode, merged)))
    return Bundle(path, unread)


def refresh(folder: Path, root: bytes) -> None:
    """Bring all bundles in `folder` up to date, so that shells which name them go on with a new authority."""
    for path in folder.glob("bundle*.pem"):
        if recipe := origin(path.read_bytes()):
            write(folder, recipe, root)


def certificates(source: Path) -> list[bytes]:
    """The certificates (DER) in a PEM file, or in the files of a folder; none if it can't be read."""
    try:
        files = sorted(p for p in source.iterdir() if p.is_file()) if source.is_dir() else [source]
        return [der for file in files for der in pem.decode(file.read_bytes())]
    except OSError:
        return []


def union(certificates: Iterable[bytes], ours: Iterable[bytes]) -> list[bytes]:
    """These certificates (DER), each once, then ours. Other authorities of Tollway are left out: what was
    replaced is not to live on in files made from files."""
    return list(dict.fromkeys([*(der for der in certificates if _OURS not in der), *ours]))
