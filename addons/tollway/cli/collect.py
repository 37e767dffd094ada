"""`tollway collect`: a fleet's calls, from Redis into a file of one's own."""

import time

import click

from tollway import clock
from tollway.cli.book_options import ledger_option
from tollway.errors import TollwayError
from tollway.ledger.open import is_of_fleet, path_of

EVERY_SECONDS = 5.0


@click.command()
@ledger_option
@click.option(
    "--into", metavar="URL",
    help="sqlite:PATH of the file. [default: the one that `report` and the others read with this --ledger]",
)  # fmt: skip
@click.option("--follow", is_flag=True, help="Go on until stopped; every five seconds.")
def command(ledger: str | None, into: str | None, follow: bool) -> None:
    """Bring what is new in the log of a fleet's calls into an SQLite file.

    Redis keeps the last 200,000 calls or so; a file that is collected into more often than that has them all.
    What comes twice is there once. What nodes saw pass to AI services (`tollway discover`) comes along.
    `report`, `top` and the others with --ledger redis://... collect by themselves.
    """
    if ledger is None or not is_of_fleet(ledger):
        raise click.UsageError("name the fleet's ledger: --ledger redis://HOST:PORT/DB")
    if into is not None and is_of_fleet(into):
        raise click.BadParameter("it must be sqlite:PATH", param_hint="--into")
    from tollway.ledger.fleet.collecting import collect

    path = path_of(into or ledger)
    while True:
        try:
            count = collect(ledger, path, clock.now_us())
            if count or not follow:
                click.echo(f"{count} calls into {path}", err=True)
        except TollwayError as error:
            if not follow:
                raise
            click.echo(f"{error}; it is tried again", err=True)
        if not follow:
            return
        time.sleep(EVERY_SECONDS)
