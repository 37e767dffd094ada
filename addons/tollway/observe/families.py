"""What was counted, as families of prometheus-client."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from prometheus_client import Metric
from prometheus_client.samples import Sample

from tollway.observe.catalogue import (
    FAMILIES,
    FROM_NOW,
    HELD,
    IN_FLIGHT,
    LEDGER_LAG,
    LOG_DROPPED,
    PLAN_USED,
    RESTARTS,
    UNWRITTEN,
    WORKERS,
    Family,
    Type,
)
from tollway.observe.counting import SUM, Counts, Series
from tollway.observe.exposition import Labels, figure
from tollway.observe.flying import Now

REMEMBERED = 4_096
"""Lines whose labels are kept from text to text."""

Lines = dict[tuple[str, ...], dict[int, int]]
"""Of one metric: by labels, what is in each bucket; of what is no histogram, in bucket 0."""


def families(counts: Counts, now: Now) -> Iterator[Metric]:
    """All of the catalogue, in its order. A sample's value is an int or a Decimal, and exact."""
    lines: defaultdict[Family, Lines] = defaultdict(dict)
    for (family, labels, bucket), amount in (counts | _asked(now)).items():
        lines[family].setdefault(labels, {})[bucket] = amount
    for family in FAMILIES:
        yield _metric(family, lines[family])


def _asked(now: Now) -> Counts:
    values = {
        IN_FLIGHT: now.in_flight, HELD: now.held_nano, LEDGER_LAG: now.lag_us, UNWRITTEN: now.unwritten,
        LOG_DROPPED: now.log_dropped, WORKERS: now.workers, RESTARTS: now.worker_restarts,
    }  # fmt: skip
    assert values.keys() == FROM_NOW - {PLAN_USED}
    used = {Series(PLAN_USED, labels): percent for labels, percent in now.plans.items()}
    return {Series(family): value for family, value in values.items()} | used


def _metric(family: Family, lines: Lines) -> Metric:
    metric = Metric(family.name.removesuffix("_total"), family.help, family.type)
    told = _buckets if family.type is Type.HISTOGRAM else _value
    for values, buckets in lines.items():
        metric.samples += told(family, values, buckets)
    return metric


def _value(family: Family, values: tuple[str, ...], buckets: Mapping[int, int]) -> list[Sample]:
    (labels,) = _labels(family, values)
    return [_sample(family.name, labels, quantity(buckets[0], family.places))]


def _buckets(family: Family, values: tuple[str, ...], buckets: Mapping[int, int]) -> list[Sample]:
    """Each counts what is below its bound, so it has those before it; the last has all."""
    name, (labels, *bounded) = f"{family.name}_bucket", _labels(family, values)
    totals = list(accumulate([buckets.get(number, 0) for number in range(len(bounded))]))
    return [
        *[Sample(name, each, total) for each, total in zip(bounded, totals, strict=True)],
        _sample(f"{family.name}_sum", labels, quantity(buckets.get(SUM, 0), family.places)),
        Sample(f"{family.name}_count", labels, totals[-1]),
    ]


@lru_cache(REMEMBERED)
def _labels(family: Family, values: tuple[str, ...]) -> tuple[Labels, ...]:
    """Of one line, and then of each bucket of it: to make them anew takes longer than all else of a text."""
    labels = dict(zip(family.labels, values, strict=True))
    les = [figure(quantity(bound, family.places)) for bound in family.bounds]
    if family.type is Type.HISTOGRAM:
        les.append("+Inf")
    return (Labels(labels), *[Labels({**labels, "le": le}) for le in les])


def _sample(name: str, labels: Labels, value: Decimal | int) -> Sample:
    return Sample(name, labels, value)  # type: ignore[arg-type]  # a float would not be exact


def quantity(count: int, places: int) -> Decimal | int:
    """What was counted, in the unit that is shown: exact."""
    return Decimal(count).scaleb(-places) if places else count
