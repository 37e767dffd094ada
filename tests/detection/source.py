"""Ordinary source code: the standard library of the Python that runs, without its tests."""

import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tollway.guardrails.found import Found, Tier

NOT_ITS_OWN = {"site-packages", "__pycache__"}


def sources() -> Iterator[str]:
    """Its files."""
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if NOT_ITS_OWN.isdisjoint(path.parts):
            yield path.read_text("utf-8", errors="replace")


def found_in_source(detect: Callable[[str], list[Found]]) -> tuple[int, Counter[tuple[str, Tier]]]:
    """How many bytes there are, and how often each kind is found in them."""
    size, found = 0, Counter[tuple[str, Tier]]()
    for text in sources():
        size += len(text.encode())
        found.update((one.kind, one.tier) for one in detect(text))
    return size, found
