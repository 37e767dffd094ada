"""Lengths of time as a policy says them: `20s`, `500ms`, `2m`."""

from collections.abc import Mapping

US: Mapping[str, int] = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000}
"""Microseconds of each unit."""


def written(us: int) -> str:
    """A length, in the largest unit that it is whole in."""
    unit = max((unit for unit in US if us % US[unit] == 0), key=US.__getitem__)
    return f"{us // US[unit]}{unit}"
