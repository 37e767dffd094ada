"""The calls of a file as CSV."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from tollway.model import USAGE_FIELDS
from tollway.recorded.call import Call, as_json
from tollway.reporting.figures import printable

BEFORE = (
    "n", "url", "time", "provider", "operation", "model", "model_served", "tier", "status", "stream",
    "metered", "reason", "error",
)  # fmt: skip
BEHIND = ("cost_usd", "cost_source", "billing", "flags", "price_version", "calls")


def as_csv(calls: Iterable[Call]) -> str:
    """A header, then a line for each entry; every usage field has its column, empty where not reported.

    `calls` is the number of those on a WebSocket, whose line is their sum.
    """
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow([*BEFORE, *USAGE_FIELDS, *BEHIND])
    for call in calls:
        row = as_json(call) | {"calls": len(call.calls) or None}
        counts = [row["usage"].get(name, "") for name in USAGE_FIELDS]
        sheet.writerow([*(_cell(row[k]) for k in BEFORE), *counts, *(_cell(row[k]) for k in BEHIND)])
    return text.getvalue()


def _cell(value: Any) -> str | int:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        value = " ".join(value)
    if value is None or value == "" or isinstance(value, int):
        return "" if value is None else value
    text = printable(value)
    # Files choose some of the values, and spreadsheets run what begins like a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
