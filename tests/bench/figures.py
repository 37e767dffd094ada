"""Figures: what was measured again and again, as a median with its spread."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A median between a low and a high value."""

    median: float
    low: float
    high: float

    def text(self, unit: str = "", places: int = 2) -> str:
        """For people: `0.72x [0.70 .. 0.74]`; no spread where there was one measurement."""
        median, low, high = (f"{value:.{places}f}" for value in (self.median, self.low, self.high))
        return f"{median}{unit}" if self.low == self.high else f"{median}{unit} [{low} .. {high}]"


def whole(values: Sequence[float]) -> Figure:
    """The median with the smallest and the largest: for a few rounds. Raises StatisticsError for none."""
    return Figure(statistics.median(values), min(values), max(values))


def quartiles(values: Sequence[float]) -> Figure:
    """The median with the quartiles: for many single calls. Raises StatisticsError for less than two."""
    low, median, high = statistics.quantiles(values, n=4)
    return Figure(median, low, high)


def ratios(values: Sequence[float], base: Sequence[float]) -> Figure:
    """How many times the base each round's value is, rounds paired. Raises ValueError for unequal counts."""
    return whole([value / other for value, other in zip(values, base, strict=True)])


def differences(values: Sequence[float], base: Sequence[float]) -> Figure:
    """How far above the base each call's value is, calls paired. Raises ValueError for unequal counts."""
    return quartiles([value - other for value, other in zip(values, base, strict=True)])
