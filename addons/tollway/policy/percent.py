"""Percentages as they are written: `80%`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

MOST = 1000
_PERCENT = re.compile(r"([0-9]{1,6})%")


def _read(value: Any) -> int:
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a whole percentage, as 80%")
    if not 1 <= int(found[1]) <= MOST:
        raise ValueError(f"an alert is sent at 1% to {MOST}%, not at {value}")
    return int(found[1])


PercentText = Annotated[
    int,
    BeforeValidator(_read),
    PlainSerializer(lambda number: f"{number}%"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,4}%$"}),
]
"""A field of a policy that holds a whole percentage; 80% is 80."""
