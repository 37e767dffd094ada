"""CPU per call and latencies of proxies, measured in turns."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.calls import Call
from tests.bench.figures import Figure, ratios, whole
from tests.bench.load import drive
from tests.bench.subjects import Subject
from tests.bench.table import Results

SETTLED = 0.05
"""Seconds after the last answer in which a proxy does what the calls left to do."""


@dataclass(frozen=True)
class Comparison:
    """One kind of call, over so many connections at once, with so many calls on each."""

    title: str
    call: Call
    protocol: str
    connections: int
    each: int


@dataclass
class Measured:
    """One subject's figures, an entry for each round: seconds, medians of the round's calls."""

    cpu: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)

    def texts(self) -> tuple[str, str, str]:
        """In milliseconds, for the table."""
        cpu, first, last = (whole([1000 * second for second in seconds]) for seconds in self._columns())
        return cpu.text(), first.text(), last.text()

    def _columns(self) -> tuple[list[float], list[float], list[float]]:
        return self.cpu, self.first, self.last


type Rounds = dict[str, Measured]
"""By the subject's name."""


def compare(results: Results, comparison: Comparison, subjects: Sequence[Subject], rounds: int) -> Rounds:
    """Each subject in each round, another one first each time; a round before them is not counted."""
    print(f"{comparison.title}, {comparison.protocol}", flush=True)
    for subject in subjects:
        one_round(comparison, subject, Measured())
    measured: Rounds = {subject.name: Measured() for subject in subjects}
    for number in range(rounds):
        first = number % len(subjects)
        for subject in [*subjects[first:], *subjects[:first]]:
            one_round(comparison, subject, measured[subject.name])
    for name, figures in measured.items():
        results.cost(f"{comparison.title}, {comparison.protocol}", name, *figures.texts())
    return measured


def one_round(comparison: Comparison, subject: Subject, measured: Measured) -> None:
    """Add a round's figures."""
    before = subject.process.cpu()
    call = subject.asks or comparison.call
    load = drive(comparison.protocol, subject.target, call, comparison.connections, comparison.each)
    timings = asyncio.run(load)
    time.sleep(SETTLED)
    measured.cpu.append((subject.process.cpu() - before) / len(timings))
    measured.first.append(statistics.median(timing.first for timing in timings))
    measured.last.append(statistics.median(timing.last for timing in timings))


def cpu_ratio(rounds: Rounds, of: str, to: str) -> Figure:
    """How many times the CPU of the one the other takes."""
    return ratios(rounds[of].cpu, rounds[to].cpu)
