"""How long something is kept, as a policy says it: `30d`, `12h`, `90m`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

PATTERN = r"^[1-9][0-9]{0,6}[mhd]$"
_US = {"m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
_MOST_US = 3_660 * _US["d"]
_LENGTH = re.compile(r"([1-9][0-9]{0,6})([mhd])")


def parse(value: Any) -> int:
    """Microseconds. Raises ValueError."""
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    us = int(found[1]) * _US[found[2]] if found is not None else 0
    if not 0 < us <= _MOST_US:
        raise ValueError("write how long as 30d, 12h or 90m, 3660d at most")
    return us


def written(us: int) -> str:
    """A length, in the largest unit that it is whole in."""
    unit = max((unit for unit in _US if us % _US[unit] == 0), key=_US.__getitem__)
    return f"{us // _US[unit]}{unit}"


LengthText = Annotated[
    Any, BeforeValidator(parse), WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["30d"]})
]
"""A field of a policy that holds a length, in microseconds."""
