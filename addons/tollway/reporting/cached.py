"""The answers that are kept, as text and as JSON: a line for each rule, scope and model."""

from collections.abc import Sequence
from typing import Any

from tollway.caching.store import Share
from tollway.money import usd
from tollway.reporting.figures import printable

NAMES = ("rule", "scope", "provider", "model", "answers", "bytes", "hits", "saved_usd")
WORDS = frozenset(NAMES[:4])


def as_json(shares: Sequence[Share], file: str, file_bytes: int) -> dict[str, Any]:
    """`{"file", "file_bytes", "answers": [{"rule", "scope", "provider", "model", "answers", "bytes", "hits",
    "saved_usd"}], "total": {"answers", "bytes", "hits", "saved_usd"}}`."""
    rows = [{name: getattr(one, name) for name in NAMES[:4]} | _figures([one]) for one in shares]
    return {"file": file, "file_bytes": file_bytes, "answers": rows, "total": _figures(shares)}


def as_text(shares: Sequence[Share]) -> str:
    """Columns two spaces apart: the headings, the shares, their total."""
    rows = [[*(printable(getattr(one, name)) for name in NAMES[:4]), *_cells([one])] for one in shares]
    every = [list(NAMES), *rows, ["total", "-", "-", "-", *_cells(shares)]]
    columns = [_padded(name, cells) for name, cells in zip(NAMES, zip(*every, strict=True), strict=True)]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _figures(shares: Sequence[Share]) -> dict[str, int | str]:
    return {
        "answers": sum(one.answers for one in shares),
        "bytes": sum(one.size for one in shares),
        "hits": sum(one.hits for one in shares),
        "saved_usd": usd(sum(one.saved_nano for one in shares)),
    }


def _cells(shares: Sequence[Share]) -> list[str]:
    return [str(value) for value in _figures(shares).values()]


def _padded(name: str, cells: tuple[str, ...]) -> list[str]:
    width = max(map(len, cells))
    return [cell.ljust(width) if name in WORDS else cell.rjust(width) for cell in cells]
