"""Sizes of texts, as a policy says them: `500 KB`, `4 MB`; and of files: `1 GB`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

PATTERN = r"^[1-9][0-9]{0,7} ?(B|KB|MB)$"
MOST = 64_000_000
"""Bytes: about as much of a request's body as is read."""
_SIZE = re.compile(r"([1-9][0-9]{0,7}) ?(B|KB|MB)")
_UNITS = {"B": 1, "KB": 1_000, "MB": 1_000_000}


def parse(value: Any) -> int:
    """Bytes. Raises ValueError."""
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    size = int(found[1]) * _UNITS[found[2]] if found is not None else 0
    if not 0 < size <= MOST:
        raise ValueError("write a size as 500 KB or 4 MB (B, KB or MB), 64 MB at most")
    return size


def written(size: int) -> str:
    """A size, in the largest unit that it is whole in."""
    unit = max((unit for unit in _UNITS if size % _UNITS[unit] == 0), key=_UNITS.__getitem__)
    return f"{size // _UNITS[unit]} {unit}"


SizeText = Annotated[
    Any, BeforeValidator(parse), WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["1 MB"]})
]
"""A field of a policy that holds a size, in bytes."""

TOTAL_PATTERN = r"^[1-9][0-9]{0,5} ?(MB|GB)$"
LEAST_TOTAL, MOST_TOTAL = 1_000_000, 10**12
_TOTAL = re.compile(r"([1-9][0-9]{0,5}) ?(MB|GB)")


def parse_total(value: Any) -> int:
    """Bytes of a file. Raises ValueError."""
    found = _TOTAL.fullmatch(value) if isinstance(value, str) else None
    size = int(found[1]) * {"MB": 10**6, "GB": 10**9}[found[2]] if found is not None else 0
    if not LEAST_TOTAL <= size <= MOST_TOTAL:
        raise ValueError("write a size as 500 MB or 4 GB, 1000 GB at most")
    return size


TotalText = Annotated[
    Any,
    BeforeValidator(parse_total),
    WithJsonSchema({"type": "string", "pattern": TOTAL_PATTERN, "examples": ["1 GB"]}),
]
"""A field of a policy that holds the size of a file, in bytes."""
