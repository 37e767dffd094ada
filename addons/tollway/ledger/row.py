"""A call as a row of `calls`, and back."""

import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from tollway.budget.amounts import Amounts
from tollway.ledger.findings import read, written
from tollway.model import USAGE_FIELDS, Billing, CallRecord, Cost, Source, Usage

Row = tuple[Any, ...]

_OWN = tuple(
    """id state started_us first_byte_us ended_us client network user team role service program credential
    provider host operation model_asked model model_served tier max_output_tokens status stream request_bytes
    response_bytes session account response_id error action identity verified cache saved_nano
    calls""".split()
)
"""Columns that are fields of CallRecord as they are."""
_PARTS = ("input_nano", "cache_read_nano", "cache_write_nano", "output_nano", "other_nano")
_COST = ("cost_nano", *_PARTS, "price_version")
BOUND = ("bound_nano", "bound_input_tokens", "bound_output_tokens", "bound_requests")
"""Columns of the most that a call can come to."""
_MADE = (
    "billing", "cost_source", "flags", "tags", "groups", "claims", "limits", "findings", *BOUND, "process",
)  # fmt: skip
"""Columns whose value takes more than fetching an attribute."""

COLUMNS = (*_OWN, *USAGE_FIELDS, *_COST, *_MADE)
"""The columns that a process writes, in the order of a Row."""

CHANGED = tuple(
    name
    for name in COLUMNS
    # A report reads a span of starts in portions: a start that moved could be counted twice.
    if name not in ("id", "started_us")
)
"""What a later record of a call changes of its row."""

changed_of: Callable[[Row], Row] = itemgetter(*map(COLUMNS.index, CHANGED))
"""The values of CHANGED in a Row."""

CHANGE = tuple(f"{name} = excluded.{name}" for name in CHANGED)

UPSERT = (
    f"INSERT INTO calls ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(CHANGE)}"
)

_HELD = (*COLUMNS, "policy", "holds", "hard", "lease_us", "admitted_us")

INSERT_HELD = f"INSERT INTO calls ({', '.join(_HELD)}) VALUES ({', '.join('?' * len(_HELD))})"
"""A row of COLUMNS, and what limits know it by."""

# One attrgetter fetches all in C: a Python expression per field costs four times as much.
_fetch: Callable[[CallRecord], Row] = attrgetter(
    *_OWN,
    *(f"usage.{name}" for name in USAGE_FIELDS),
    "cost.nano",
    *(f"cost.{name}" for name in _COST[1:]),
    # The enums' plain text: for a StrEnum sqlite3 looks for an adapter, each time.
    "billing._value_",
    "cost.source._value_",
)

_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


_fetch_bound: Callable[[Amounts], Row] = attrgetter("nano", "input_tokens", "output_tokens", "requests")
_NO_BOUND = (None,) * len(BOUND)


def row_of(call: CallRecord, process: str) -> Row:
    """The values of COLUMNS."""
    tags = _json(dict(call.tags)) if call.tags else None
    groups = _json(call.groups) if call.groups else None
    claims = _json(dict(call.claims)) if call.claims else None
    limits = orjson.dumps(call.limits).decode() if call.limits else None
    bound = _NO_BOUND if call.bound is None else _fetch_bound(call.bound)
    findings = written(call.findings) if call.findings else None
    flags = ",".join(call.cost.flags)
    return (*_fetch(call), flags, tags, groups, claims, limits, findings, *bound, process)


def call_of(row: Sequence[Any]) -> CallRecord:
    """The call of a row of COLUMNS."""
    named = dict(zip(COLUMNS, row, strict=True))
    own: dict[str, Any] = {name: named[name] for name in _OWN}
    own["stream"], own["verified"] = bool(own["stream"]), bool(own["verified"])
    own["saved_nano"], own["calls"] = own["saved_nano"] or 0, own["calls"] or 1
    return CallRecord(
        **own,
        usage=Usage(**{name: named[name] for name in USAGE_FIELDS}),
        tags=json.loads(named["tags"] or "{}"),
        groups=tuple(json.loads(named["groups"] or "[]")),
        claims=json.loads(named["claims"] or "{}"),
        limits=tuple(json.loads(named["limits"] or "[]")),
        findings=read(named["findings"]) if named["findings"] else (),
        bound=_bound(*(named[name] for name in BOUND)),
        billing=Billing(named["billing"]),
        cost=Cost(
            **{name: named[name] for name in _PARTS},
            source=Source(named["cost_source"]),
            price_version=named["price_version"],
            flags=tuple(filter(None, named["flags"].split(","))),
        ),
    )


def _bound(nano: int | None, input_tokens: int, output_tokens: int, requests: int) -> Amounts | None:
    if nano is None:
        return None
    return Amounts(nano=nano, input_tokens=input_tokens, output_tokens=output_tokens, requests=requests)


LARGEST_COUNT = 10**12
LARGEST_PART = 10**15
"""A million USD."""
_INTEGERS = 2**63
_BOUNDS = {
    "started_us": (0, 7_258_118_400_000_000),
    **dict.fromkeys(("cost_nano", "saved_nano"), (0, 5 * LARGEST_PART)),
    **dict.fromkeys(USAGE_FIELDS, (0, LARGEST_COUNT)),
    **dict.fromkeys(_PARTS, (0, LARGEST_PART)),
    **dict.fromkeys(BOUND, (0, LARGEST_PART)),
    "calls": (1, LARGEST_COUNT),
}
"""What the table's CHECKs allow."""


def storable(row: Row) -> Row:
    """A row that the table refused, as near as it takes it, with the flag out_of_range.

    Numbers beyond their bounds are set to the bound; what is no Unicode text is replaced. No claim of a
    provider, and no byte of a client's header, keeps a call out of the ledger.
    """
    named = {name: _within(name, value) for name, value in zip(COLUMNS, row, strict=True)}
    named["cost_nano"] = sum(named[name] for name in _PARTS)
    named["flags"] = ",".join(filter(None, (named["flags"], "out_of_range")))
    return tuple(named.values())


def _within(name: str, value: Any) -> Any:
    if isinstance(value, int):
        low, high = _BOUNDS.get(name, (-_INTEGERS, _INTEGERS - 1))
        return min(max(value, low), high)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value


def read_holds(text: str | None) -> dict[int, int]:
    """What the column `holds` says, whose keys JSON has as texts."""
    return {int(id): hold for id, hold in orjson.loads(text).items()} if text else {}


def written_holds(holds: Mapping[int, int]) -> str:
    """As the column `holds` has it."""
    return orjson.dumps(holds, option=orjson.OPT_NON_STR_KEYS).decode()
