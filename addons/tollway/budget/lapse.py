"""Lengths of time as people write them: `minute`, `10s`."""

from collections.abc import Mapping

NAMES: Mapping[str, int] = {
    "second": 1_000_000,
    "minute": 60_000_000,
    "hour": 3_600_000_000,
    "day": 86_400_000_000,
}
"""Microseconds of each."""
SHORT: Mapping[str, int] = {
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
}


def lapse(us: int) -> str:
    """A length, by its name if it has one, else in the largest unit that it is whole in."""
    for name, whole in NAMES.items():
        if us == whole:
            return name
    unit = max((unit for unit in SHORT if us % SHORT[unit] == 0), key=SHORT.__getitem__, default=None)
    return f"{us}us" if unit is None else f"{us // SHORT[unit]}{unit}"
