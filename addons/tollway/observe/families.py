"""What was counted, as families of prometheus-client."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from prometheus_client import Metric

from tollway.observe.catalogue import (
    FAMILIES,
    FROM_NOW,
    HELD,
    IN_FLIGHT,
    LEDGER_LAG,
    LOG_DROPPED,
    UNWRITTEN,
    Family,
    Type,
)
from tollway.observe.counting import SUM, Counts, Series
from tollway.observe.exposition import figure
from tollway.observe.flying import Now

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
        LOG_DROPPED: now.log_dropped,
    }  # fmt: skip
    assert values.keys() == FROM_NOW
    return {Series(family): value for family, value in values.items()}


def _metric(family: Family, lines: Lines) -> Metric:
    metric = Metric(family.name.removesuffix("_total"), family.help, family.type)
    for values, buckets in lines.items():
        labels = dict(zip(family.labels, values, strict=True))
        if family.type is Type.HISTOGRAM:
            _add_histogram(metric, family, labels, buckets)
        else:
            _add(metric, family.name, labels, quantity(buckets[0], family.places))
    return metric


def _add_histogram(
    metric: Metric, family: Family, labels: dict[str, str], buckets: Mapping[int, int]
) -> None:
    """Buckets count what is below their bounds, so each has those before it; the last has all."""
    total = 0
    for number, bound in enumerate((*family.bounds, None)):
        total += buckets.get(number, 0)
        le = "+Inf" if bound is None else figure(quantity(bound, family.places))
        _add(metric, f"{family.name}_bucket", {**labels, "le": le}, total)
    _add(metric, f"{family.name}_sum", labels, quantity(buckets.get(SUM, 0), family.places))
    _add(metric, f"{family.name}_count", labels, total)


def _add(metric: Metric, name: str, labels: dict[str, str], value: Decimal | int) -> None:
    metric.add_sample(name, labels, value)  # type: ignore[arg-type]  # a float would not be exact


def quantity(count: int, places: int) -> Decimal | int:
    """What was counted, in the unit that is shown: exact."""
    return Decimal(count).scaleb(-places) if places else count
