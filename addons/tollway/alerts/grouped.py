"""Several alerts of one kind as one: a sentence that says how many, with a list."""

from collections.abc import Iterable

from tollway.alerts.alert import Alert, Kind

SHOWN = 10
"""So many stand in the sentence; all are in the list."""
MANY = {
    Kind.LEVEL: "{} levels of limits were reached",
    Kind.REFUSED_FIRST: "{} limits have refused calls",
    Kind.BOUND_VIOLATED: "{} kinds of calls cost more than their bound",
    Kind.FOUND: "guardrails found {} things",
    Kind.FORECAST: "{} limits will be exceeded at this pace",
    Kind.ANOMALY: "{} callers spend unusually much",
    Kind.UNPRICED: "{} models have no known price",
    Kind.UNMANAGED: "{} AI services are used that Tollway does not read",
    Kind.STORE: "the store: {} times",
}


def headline(alert: Alert) -> str:
    """What several are, in a few words; of one its sentence."""
    return MANY[alert.kind].format(len(alert.parts)) if alert.parts else alert.text


def rest(alert: Alert, shown: int = SHOWN) -> str:
    """How many are not shown; empty: all are."""
    more = len(alert.each) - shown
    return f"and {more} more" if more > 0 else ""


def grouped(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """One for each kind, in the order in which the kinds came; what is one already is taken apart first."""
    by_kind: dict[Kind, list[Alert]] = {}
    for alert in alerts:
        by_kind.setdefault(alert.kind, []).extend(alert.each)
    return tuple([_one(each) for each in by_kind.values()])


def _one(parts: list[Alert]) -> Alert:
    if len(parts) == 1:
        return parts[0]
    whole = Alert(kind=parts[0].kind, text="", at_us=max([each.at_us for each in parts]), parts=tuple(parts))
    said = [*[each.text for each in parts[:SHOWN]], *filter(None, [rest(whole)])]
    text = f"{headline(whole)}: {'; '.join(said)}"
    return Alert(kind=whole.kind, text=text, at_us=whole.at_us, parts=whole.parts)
