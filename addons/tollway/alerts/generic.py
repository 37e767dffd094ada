"""An alert for programs: the same fields whatever there is to tell, and however much."""

from typing import Any

from tollway.alerts.alert import Alert, listed
from tollway.alerts.grouped import headline
from tollway.budget.remaining import iso


def generic(alert: Alert) -> dict[str, Any]:
    """`{"source": "tollway", kind, at, text, alerts: [{text, at, ...}]}`: `text` is a sentence without
    escapes, and the list has one entry at the least, with the fields that `alert.document` names."""
    return {
        "source": "tollway",
        "kind": alert.kind.value,
        "at": iso(alert.at_us),
        "text": headline(alert),
        "alerts": [listed(each) for each in alert.each],
    }
