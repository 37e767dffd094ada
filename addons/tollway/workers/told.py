"""What a worker tells of itself, for the supervisor's metrics."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, field
from prometheus_client import ProcessCollector

from tollway.observe.catalogue import FAMILIES
from tollway.observe.counting import Counts, Series
from tollway.observe.flying import Now

_BY_NAME = {family.name: family for family in FAMILIES}
_NAMES = {family: family.name for family in FAMILIES}

Row = tuple[str, tuple[str, ...], int, int]
"""Of a series: its metric's name, its labels, its bucket, and how many."""


class Told(Struct, frozen=True, kw_only=True):
    """At one moment."""

    counts: Counts = field(default_factory=dict)
    now: Now = field(default_factory=Now)
    process: Mapping[str, float] = field(default_factory=dict)
    """By sample, what prometheus-client knows of the process."""


def of_process() -> dict[str, float]:
    """Of this one, by sample; nothing where the system does not tell."""
    found = ProcessCollector(registry=None).collect()
    return {sample.name: sample.value for metric in found for sample in metric.samples}


def told(told: Told) -> dict[str, Any]:
    """As JSON has it."""
    plans = [(*labels, percent) for labels, percent in told.now.plans.items()]
    return {
        "counts": [(_NAMES[s.family], s.labels, s.bucket, amount) for s, amount in told.counts.items()],
        "now": {**{name: getattr(told.now, name) for name in _PLAIN}, "plans": plans},
        "process": told.process,
    }


def heard(said: Mapping[str, Any]) -> Told:
    """From JSON. What we do not know is left out: a worker may be of a later release."""
    now = said["now"]
    plans = {(provider, gauge): percent for provider, gauge, percent in now["plans"]}
    return Told(
        counts=dict(_series(msgspec.convert(said["counts"], list[Row]))),
        now=Now(**{name: now[name] for name in _PLAIN if name in now}, plans=plans),
        process=said["process"],
    )


_PLAIN = tuple(name for name in Now.__struct_fields__ if name != "plans")


def _series(rows: list[Row]) -> Iterator[tuple[Series, int]]:
    for name, labels, bucket, amount in rows:
        if (family := _BY_NAME.get(name)) is not None:
            yield Series(family, labels, bucket), amount
