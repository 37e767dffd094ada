"""The page of administrators: all calls and all budgets."""

from collections.abc import Sequence

from tollway.ledger.store import Raised
from tollway.live.figures import happened
from tollway.live.span import SPANS, Span
from tollway.live.spent import Line
from tollway.page.budgets import budgets_table
from tollway.page.calls import calls_table
from tollway.page.desk import Page
from tollway.page.figures import count, money
from tollway.page.html import Child, Markup, element
from tollway.page.looks import Everything
from tollway.page.reasons import reasons_table, refusals
from tollway.page.spend import course, spent_table, sums, total
from tollway.page.table import Cells, Column, table
from tollway.reporting.budgets_text import values, when

MOST_CALLS, MOST_BUDGETS, MOST_VALUES = 100, 100, 20
"""Of each, on a page."""


def everything(found: Everything) -> Child:
    """All of it."""
    all_, now_us, zone = found.snapshot, found.snapshot.now_us, found.snapshot.zone
    minute = all_.last_minute
    told = [
        *total(all_.total),
        ("Refused by Tollway", count(refusals(found.reasons))),
        ("In flight", count(all_.flying)),
        ("In the last minute", f"{money(minute.cost_nano)}, {count(minute.calls, 'call')}"),
    ]
    return [
        _spans(all_.span),
        sums(told),
        course(all_.total, all_.span.slots(now_us, zone), zone),
        element("h2", "Budgets"),
        _budgets(found),
        element("h2", "Refusals and failures"),
        reasons_table(found.reasons, f"Why calls had no answer, {all_.span.value}"),
        [_spent(by, lines) for by, lines in all_.spent.items()],
        element("h2", "Alerts"),
        table("Alerts, latest first", ALERTS, [_alert(each, found) for each in all_.alerts], "None."),
        element("h2", "Calls"),
        _calls(found),
    ]


def _calls(found: Everything) -> Child:
    shown, all_ = found.snapshot.calls[:MOST_CALLS], found.snapshot
    caption = _of("Latest calls", all_.calls, MOST_CALLS)
    return calls_table(shown, caption, all_.now_us, all_.zone, all_.orphaned, True)


def _budgets(found: Everything) -> Child:
    shown, all_ = found.snapshot.standings[:MOST_BUDGETS], found.snapshot
    return budgets_table(
        shown,
        _of("Budgets, the nearest to its end first", all_.standings, MOST_BUDGETS),
        all_.now_us,
        all_.zone,
    )


def _spent(by: str, lines: Sequence[Line]) -> Child:
    caption = _of(f"What calls cost, by {by}", lines, MOST_VALUES)
    return [element("h2", f"By {by}"), spent_table(by, lines[:MOST_VALUES], caption)]


ALERTS = (Column("Budget"), Column("What"), Column("When", Cells.SHORT))


def _alert(alert: Raised, found: Everything) -> list[Child]:
    bucket = alert.bucket
    whose = f", {values(bucket.values)}" if bucket.values else ""
    at = when(alert.at_us, found.snapshot.zone).replace("T", " ")
    return [bucket.limit + whose, happened(alert), at]


def _of(what: str, things: Sequence[object], most: int) -> str:
    """A caption that says what is left out."""
    return what if len(things) <= most else f"{what}: the first {most} of {len(things):,} or more"


def _spans(here: Span) -> Markup:
    links = [
        element(
            "a",
            span.value,
            href=f"{Page.ALL.value}?span={name}",
            aria_current="true" if span is here else None,
        )
        for name, span in SPANS.items()
    ]
    return element("nav", element("ul", [element("li", link) for link in links]), aria_label="How far back")
