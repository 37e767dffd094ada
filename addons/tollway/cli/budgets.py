"""`tollway budgets`: every bucket, what is spent of it and what is left.

As `report`, it imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.report import zone_of
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import is_there, open_books, path_of, release
from tollway.reporting.budgets import Budgets, as_json, standings
from tollway.reporting.budgets_plan import flat_only
from tollway.reporting.visible import indented

NONE_YET = (
    "No budgets yet. A policy with `limits` has some as soon as calls meet them: `tollway check POLICY`, then"
    " `tollway serve --policy POLICY`."
)


@click.command()
@click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="A table is plain text unless it goes to a terminal.",
)  # fmt: skip
@click.option(
    "--release", "hold", metavar="HOLD",
    help="Charge nothing for this call, whose process died; the call's id, as --format json shows it.",
)  # fmt: skip
@ledger_option
@zone_option("times are shown")
def command(style: str, hold: str | None, ledger: str | None, policy: Path | None) -> None:
    """Show every bucket of every limit: settled, held, amount, left, when it resets.

    What is nearest to its end comes first. `left` is what may still be held: the amount without what is
    settled and without what calls in flight hold. `per_hour` is what was settled since the window began, or
    since its first call; `exhausted_at` is when nothing is left at that rate. `rates` are not shown: what
    they count is another thing a second later.

    A call whose process died stays charged at its bound, since nobody knows what it cost. --release HOLD
    charges nothing for it. It refuses for a call that is in flight.
    """
    if hold is not None:
        let_go(ledger, hold)
        return
    zone = policy or paths.policy_path()
    show(read(ledger, zone), style)


def read(ledger: str | None, policy: Path | None) -> Budgets:
    """The budgets of a ledger, in the zone of a policy. Raises PolicyError."""
    return standing_in(ledger, zone_of(policy))


def standing_in(ledger: str | None, zone: ZoneInfo) -> Budgets:
    """The budgets of a ledger. If none was named and none is there yet, there are none."""
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return Budgets((), (), (), zone)
    now_us = int(clock.now() * 1_000_000)
    books = open_books(url)
    try:
        rows = books.buckets(now_us)
        return Budgets(standings(rows, now_us), tuple(books.holds()), flat_only(books, rows, now_us), zone)
    finally:
        books.close()


def show(found: Budgets, style: str) -> None:
    """Print them on standard output."""
    if style == "json":
        click.echo(indented(as_json(found)))
    elif not found.standings:
        click.echo(NONE_YET, err=True)
    elif sys.stdout.isatty():
        from rich.console import Console

        from tollway.reporting.budgets_table import as_table

        console = Console()
        console.print(as_table(found, console.width))
    else:
        from tollway.reporting.budgets_text import as_text

        click.echo(as_text(found))


def let_go(ledger: str | None, hold: str) -> None:
    """Charge nothing for a call whose process died. Raises LedgerError, also for a call in flight."""
    url = ledger or paths.ledger_url()
    if not is_there(url):
        raise LedgerError(f"ledger {path_of(url)}: there is no such file")
    release(url, hold)
    click.echo(f"{hold} is released: it is charged nothing.", err=True)
