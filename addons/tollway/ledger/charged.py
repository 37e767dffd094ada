"""A call as pricing needs it, and a bill: what decides its price, what it used, and what it was charged."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tollway.ledger.attributes import expression
from tollway.ledger.store import Group
from tollway.model import USAGE_FIELDS

_FACTS = (
    "started_us", "provider", "host", "operation", "model_asked", "model", "model_served", "tier", "billing",
    "cost_source", "cost_nano", "price_version", "calls",
)  # fmt: skip
_PARTS = ("input_nano", "cache_read_nano", "cache_write_nano", "output_nano", "other_nano")
_USED = len(_FACTS)
_COST = _USED + len(USAGE_FIELDS)
_GROUP = _COST + len(_PARTS)


class Charged(NamedTuple):
    """One row of the ledger; columns of their names, but the last three."""

    started_us: int
    provider: str
    host: str
    operation: str
    model_asked: str | None
    model: str | None
    model_served: str | None
    tier: str | None
    billing: str
    cost_source: str
    cost_nano: int
    price_version: str
    calls: int
    """How many it stands for, where `tollway ledger prune` has merged them."""
    used: tuple[int | None, ...]
    """The counts, in the order of USAGE_FIELDS."""
    parts: tuple[int, ...]
    """Of the cost, in nano-dollars: input, cache reads, cache writes, output, other."""
    group: Group
    """The values of the attributes that were asked for."""


def query(by: Sequence[str]) -> str:
    """All rows of a span, [since, until), in the order of their start."""
    columns = ", ".join((*_FACTS, *USAGE_FIELDS, *_PARTS, *map(expression, by)))
    return (
        f"SELECT {columns} FROM calls INDEXED BY calls_started "
        "WHERE started_us >= ? AND started_us < ? ORDER BY started_us"
    )


def charged(row: Sequence[Any]) -> Charged:
    """The call of a row."""
    return Charged._make(
        (*row[:_USED], tuple(row[_USED:_COST]), tuple(row[_COST:_GROUP]), tuple(row[_GROUP:]))
    )
