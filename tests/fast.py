"""The inner loop, `scripts/test --fast`: the tests of what is a function of its arguments.

A file of tests is left out if it, or what it takes from other files of tests, imports one of SLOW; property
tests try fewer examples. Tests marked slow are left out, too.
"""

import re
from functools import cache
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
SLOW = ("asyncio", "socket", "subprocess", "httpx", "tests.simulator", "tests.corpus", "tests.golden")
"""Real sockets, processes, recorded exchanges: tens of milliseconds a test, or thousands of tests."""
IMPORTED = re.compile(r"^ *(?:from ([\w.]+) import \(?([\w, ]*)|import ([\w., ]+))", re.MULTILINE)

settings.register_profile("fast", deadline=None, max_examples=10)


def pytest_sessionstart() -> None:
    """After conftest.py, which has said what holds for the others."""
    settings.load_profile("fast")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Left out before it is imported: that takes longer than the tests."""
    return True if collection_path.suffix == ".py" and is_slow(collection_path) else None


def is_slow(path: Path) -> bool:
    """Whether it comes to sockets, processes or the corpus in whatever way."""
    return any(f"{name}.".startswith(f"{slow}.") for name in reached(path, set()) for slow in SLOW)


def reached(path: Path, seen: set[str]) -> set[str]:
    """The names of all modules that it imports, that the tests' modules among them import, and so on."""
    for name in imports(path) - seen:
        seen.add(name)
        if name.startswith("tests.") and (there := file_of(name)) is not None:
            reached(there, seen)
    return seen


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules that a file names; a name that is taken from one may be a module, too."""
    found = set()
    for source, taken, plain in IMPORTED.findall(path.read_text("utf-8")):
        found |= {name.strip() for name in plain.split(",")} if plain else {source}
        found |= {f"{source}.{name.strip()}" for name in taken.split(",")}
    return frozenset(found)


def file_of(module: str) -> Path | None:
    """None: it is no module of ours."""
    path = ROOT / module.replace(".", "/")
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)
