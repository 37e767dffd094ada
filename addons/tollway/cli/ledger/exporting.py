"""`tollway ledger export`."""

from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.ledger.file_of import file_of
from tollway.cli.report import moment_of, zone_of
from tollway.ledger.archive.export import Style, export
from tollway.ledger.archive.file import OUT
from tollway.ledger.books import SqliteBooks
from tollway.ledger.store import EARLIEST_US, LATEST_US
from tollway.reporting.span import FORMS


@click.command()
@click.option("--since", metavar="WHEN", help=f"The first moment that counts: {FORMS}.")
@click.option("--until", metavar="WHEN", help="The first moment that no longer counts.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["jsonl", "csv"]),
    help="[default: csv if FILE is called so, else jsonl]",
)
@click.option(
    "-o", "--output", "name", metavar="FILE", default=OUT, show_default=True,
    help="Where to; - is standard output. FILE.gz is packed. It is there once it is whole.",
)  # fmt: skip
@ledger_option
@zone_option("dates and times are")
def command(
    since: str | None,
    until: str | None,
    style: Style | None,
    name: str,
    ledger: str | None,
    policy: Path | None,
) -> None:
    """Write calls into a file: every column of each, money as whole nano-dollars, nothing for what is absent.

    The first line says which release's tables they are of. Only what ties a row to its ledger is left out:
    the limits that it was written under, and what it holds. Calls in flight are there as far as they are
    known.
    """
    path = file_of(ledger)
    zone, now_us = zone_of(policy or paths.policy_path()), clock.now_us()
    since_us, until_us = moment_of("--since", since, now_us, zone), moment_of("--until", until, now_us, zone)
    span = (EARLIEST_US if since_us is None else since_us, LATEST_US if until_us is None else until_us)
    if span[0] >= span[1]:
        raise click.UsageError(f"nothing lies between --since {since} and --until {until}")
    books = SqliteBooks(path)
    try:
        written = export(books.db, path, name, style or style_of(name), span)
    finally:
        books.close()
    click.echo(f"{written.calls:,} calls in {written.rows:,} rows", err=True)
    if written.open:
        click.echo(
            f"{written.open:,} of them are in flight: `import` leaves them out, so export again later",
            err=True,
        )


def style_of(name: str) -> Style:
    """What a file's name says of its form."""
    return "csv" if name.removesuffix(".gz").endswith(".csv") else "jsonl"
