"""Families as text, version 0.0.4: what Prometheus reads.

prometheus-client's own text makes a float of each value, which has room for 15 digits: a million dollars and
a nano-dollar are 16. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from prometheus_client import Metric
from prometheus_client.utils import floatToGoString

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TYPES = {"unknown": "untyped", "info": "gauge", "stateset": "gauge", "gaugehistogram": "histogram"}
"""What this text calls types otherwise than OpenMetrics does."""
_LABEL = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_HELP = str.maketrans({"\\": r"\\", "\n": r"\n"})


class Labels(dict[str, str]):
    """Labels of a sample that stands in many texts: how they are written is known from the first on."""

    __slots__ = ("written",)

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__(labels)
        self.written = _written(labels)


def text(families: Iterable[Metric]) -> bytes:
    """All of them. A character that UTF-8 does not have becomes a question mark."""
    return "".join(line for metric in families for line in _lines(metric)).encode("utf-8", "replace")


def _lines(metric: Metric) -> Iterator[str]:
    name = metric.name + {"counter": "_total", "info": "_info"}.get(metric.type, "")
    yield f"# HELP {name} {metric.documentation.translate(_HELP)}\n"
    yield f"# TYPE {name} {TYPES.get(metric.type, metric.type)}\n"
    for sample in metric.samples:
        yield f"{sample.name}{_labels(sample.labels)} {figure(sample.value)}\n"


def _labels(labels: Mapping[str, str]) -> str:
    return labels.written if isinstance(labels, Labels) else _written(labels)


def _written(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join([f'{name}="{value.translate(_LABEL)}"' for name, value in labels.items()]) + "}"


def figure(value: Decimal | float) -> str:
    """A value: an int or a Decimal with all of its digits, without an exponent and without needless zeros."""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        said = f"{value:f}"
        return said.rstrip("0").rstrip(".") if "." in said else said
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]
