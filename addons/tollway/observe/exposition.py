"""Families as text, version 0.0.4: what Prometheus reads.

prometheus-client's own text makes a float of each value, which has room for 15 digits: a million dollars and
a nano-dollar are 16. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

from prometheus_client import Metric
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TYPES = {"unknown": "untyped", "info": "gauge", "stateset": "gauge", "gaugehistogram": "histogram"}
"""What this text calls types otherwise than OpenMetrics does."""
_LABEL = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})
_REMEMBERED = 16_384
"""Sets of labels: the same ones stand in each text."""


def text(families: Iterable[Metric]) -> bytes:
    """All of them. A character that UTF-8 does not have becomes a question mark."""
    return "".join(line for metric in families for line in _lines(metric)).encode("utf-8", "replace")


def _lines(metric: Metric) -> Iterator[str]:
    name = metric.name + {"counter": "_total", "info": "_info"}.get(metric.type, "")
    yield f"# HELP {name} {metric.documentation.translate(_HELP)}\n"
    yield f"# TYPE {name} {TYPES.get(metric.type, metric.type)}\n"
    for sample in metric.samples:
        yield f"{sample.name}{_labels(tuple(sample.labels.items()))} {figure(sample.value)}\n"


@lru_cache(_REMEMBERED)
def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    if not labels:
        return ""
    return "{" + ",".join([f'{name}="{value.translate(_LABEL)}"' for name, value in labels]) + "}"


def figure(value: Decimal | float) -> str:
    """A value: an int or a Decimal with all of its digits, without an exponent and without needless zeros."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        said = f"{value:f}"
        return said.rstrip("0").rstrip(".") if "." in said else said
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]
