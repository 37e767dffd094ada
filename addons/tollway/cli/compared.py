"""`tollway report --compare`: the bill beside that of the time before."""

from zoneinfo import ZoneInfo

import click

from tollway.cli.opened import opened
from tollway.cli.printed import say_none, show_columns
from tollway.ledger.attributes import PERIODS
from tollway.ledger.sums import Sums
from tollway.reporting.changes import Change, Changes, as_json, changes, movers
from tollway.reporting.changes_columns import columns, title
from tollway.reporting.stretch import Pair, pair
from tollway.reporting.visible import indented

BY = ("provider", "model")
"""What rows are of where nothing is said."""


def compare_bills(
    ledger: str | None,
    by: tuple[str, ...],
    unit: str,
    since_us: int | None,
    until_us: int | None,
    now_us: int,
    zone: ZoneInfo,
    most: int | None,
) -> Changes:
    """Both bills. Raises UsageError where there is nothing to compare."""
    if times := [name for name in by if name in PERIODS]:
        raise click.UsageError(
            f"--compare has a row for what is in both times, and none by {times[0]}: leave it out of --by"
        )
    try:
        both = pair(unit, since_us, until_us, now_us, zone)
    except OverflowError:  # no calendar goes back, or on, as far as that
        raise click.UsageError(f"--compare {unit}: these bounds are too far away") from None
    except ValueError as error:
        raise click.UsageError(f"--compare {unit}: {error}") from None
    found = _read(ledger, by, both, zone)
    return found if most is None else movers(found, most)


def show_changes(found: Changes, style: str) -> None:
    """Print them on standard output."""
    if style == "json":
        click.echo(indented(as_json(found)))
    elif not found.rows and found.others is None and style == "table":
        say_none(True)
    else:
        show_columns(title(found), columns(found), (), style)


def _read(ledger: str | None, by: tuple[str, ...], both: Pair, zone: ZoneInfo) -> Changes:
    with opened(ledger) as books:
        if books is None:
            return Changes(by, (), Change(Sums(), Sums()), both, zone)
        return changes(books, by, both, zone)
