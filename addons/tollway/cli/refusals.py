"""`tollway report --refused`: what was refused, and what it might have cost."""

from zoneinfo import ZoneInfo

import click

from tollway.cli.opened import opened
from tollway.cli.printed import show_columns
from tollway.reporting.headings import bounds
from tollway.reporting.refused import Refusals, Refused, as_json, refused
from tollway.reporting.refused_columns import columns, notes
from tollway.reporting.visible import indented

NONE = "No call was refused."


def find(
    ledger: str | None, by: tuple[str, ...], since_us: int | None, until_us: int | None, zone: ZoneInfo
) -> Refusals:
    """The refusals of a ledger. If none was named and none is there yet, there are none."""
    with opened(ledger) as books:
        if books is None:
            return Refusals(by, (), Refused(), zone, since_us, until_us)
        return refused(books, by, since_us, until_us, zone)


def show_refused(found: Refusals, style: str) -> None:
    """Print them on standard output."""
    if style == "json":
        click.echo(indented(as_json(found)))
    elif not found.rows and style == "table":
        click.echo(NONE, err=True)
    else:
        title = ", ".join(["Refused calls", *bounds(found.since_us, found.until_us, found.zone)])
        show_columns(title, columns(found), notes(found), style)
