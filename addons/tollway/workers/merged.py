"""The metrics of all workers as those of one proxy.

What is counted is added up, that of workers which are gone included: a counter that falls would look like a
start from zero. What is now is added up where it is a number of things, which are each worker's own; where
it is a measure, the worst holds for all.
"""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import Metric

from tollway.observe.counting import Counts, Series
from tollway.observe.flying import Now
from tollway.workers.told import Told

CPU, START, OPEN, MOST = (
    "process_cpu_seconds_total", "process_start_time_seconds", "process_open_fds", "process_max_fds"
)  # fmt: skip
DIGITS = 6
"""Of what processes tell as fractions: seconds of processors, which systems count in hundredths."""


class Gone:
    """What workers had counted by the time that they were last heard of. It only grows."""

    def __init__(self) -> None:
        self.counts: Counts = {}
        self.log_dropped = 0
        self.cpu = 0.0

    def add(self, last: Told) -> None:
        """One more has ended."""
        self.counts = summed([self.counts, last.counts])
        self.log_dropped += last.now.log_dropped
        self.cpu += last.process.get(CPU, 0.0)


def summed(counts: Iterable[Counts]) -> Counts:
    """Series by series."""
    total: dict[Series, int] = {}
    for each in counts:
        for series, amount in each.items():
            total[series] = total.get(series, 0) + amount
    return total


def now(all_of_them: Iterable[Now], log_dropped: int = 0) -> Now:
    """How things are with all workers. `log_dropped`: by others than these.

    How far the ledger is behind is the worst of them; so is a plan's gauge, of which each worker knows what
    the answers said that it saw, and which only rises until it begins anew.
    """
    found = tuple(all_of_them)
    plans: dict[tuple[str, str], int] = {}
    for labels, percent in (item for each in found for item in each.plans.items()):
        plans[labels] = max(percent, plans.get(labels, 0))
    return Now(
        in_flight=sum(each.in_flight for each in found),
        held_nano=sum(each.held_nano for each in found),
        lag_us=max((each.lag_us for each in found), default=0),
        unwritten=sum(each.unwritten for each in found),
        log_dropped=log_dropped + sum(each.log_dropped for each in found),
        plans=plans,
    )


def processes(
    own: Iterable[Metric], others: Iterable[Mapping[str, float]], gone_cpu: float
) -> Iterator[Metric]:
    """The metrics of processes: memory and CPU of all together, since when the supervisor runs, and how many
    files that one has open which has most, and how many one may. `own`: the supervisor's."""
    found = [dict(each) for each in others]
    for metric in own:
        merged = Metric(metric.name, metric.documentation, metric.type)
        for sample in metric.samples:
            values = [sample.value, *(each[sample.name] for each in found if sample.name in each)]
            merged.samples.append(sample._replace(value=_one(sample.name, values, gone_cpu)))
        yield merged


def _one(name: str, values: list[float], gone_cpu: float) -> float:
    if name == START:
        return values[0]
    if name == OPEN:
        return max(values)
    if name == MOST:
        return min(values)
    # Added up in another order, it differs in its last digits: a counter is not to fall by that.
    return round(sum(values) + (gone_cpu if name == CPU else 0.0), DIGITS)
