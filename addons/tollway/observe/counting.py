"""What was counted so far, in whole numbers, by metric and labels."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from tollway.observe.catalogue import FAMILIES, RELOADED, RELOADS, TAKEN_BACK, Family, Type

SUM = -1
"""In the place of a bucket's number: the sum of what was observed."""


class Series(NamedTuple):
    """One line of a metric. Of a histogram, one bucket of it."""

    family: Family
    labels: tuple[str, ...] = ()
    bucket: int = 0


Counts = dict[Series, int]

FROM_THE_START = (
    *(Series(family) for family in FAMILIES if family.type is Type.COUNTER and not family.labels),
    *(Series(RELOADS, (result,)) for result in RELOADED.values()),
)
"""Shown before anything of them was counted: that something appears is no increase to Prometheus."""


class Counting:
    """Counts on the event loop; `snapshot` may be asked for from any thread, and makes nobody wait."""

    def __init__(self) -> None:
        self._counts: Counts = {series: 0 for series in FROM_THE_START}

    def add(self, series: Series, amount: int = 1) -> None:
        """Count so many more."""
        self._counts[series] = self._counts.get(series, 0) + amount

    def add_all(self, counts: Iterable[tuple[Series, int]]) -> None:
        """Count each; what is below zero counts as taken back, where the metric says how."""
        for series, amount in counts:
            if amount < 0:
                series, amount = series._replace(family=TAKEN_BACK[series.family]), -amount
            self.add(series, amount)

    def observe(self, family: Family, value: int, labels: tuple[str, ...] = ()) -> None:
        """Count a value in its bucket of a histogram; below zero, where a clock went back, as zero."""
        value = max(value, 0)
        self.add(Series(family, labels, bisect_left(family.bounds, value)))
        self.add(Series(family, labels, SUM), value)

    def snapshot(self) -> Counts:
        """A copy: one step of the interpreter, in which nothing is counted. The call that is just being
        counted may be in some of its metrics and not yet in others."""
        return self._counts.copy()
