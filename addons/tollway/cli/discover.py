"""`tollway discover`: AI services that are reached past Tollway's metering.

It imports no mitmproxy, no price list, no pydantic and no asyncio: they take a second.
"""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.grouping import grouping
from tollway.cli.report import moment_of, zone_of
from tollway.discovery.services import known_services
from tollway.discovery.sighting import Sighting
from tollway.ledger.open import is_there, open_books
from tollway.ledger.tunnels import FIRST_DAY, LAST_DAY
from tollway.reporting.discovered import BY, Discovered, as_json, check, discovered
from tollway.reporting.periods import local
from tollway.reporting.span import FORMS
from tollway.reporting.visible import indented

DEFAULT_BY = "host,who"


@click.command()
@click.option(
    "--by", metavar="A,B,...", callback=grouping(check), default=DEFAULT_BY, show_default=True,
    help=f"What to group by, with commas between: {', '.join(BY)}. `who`: the user, else the address.",
)  # fmt: skip
@click.option("--since", metavar="WHEN", help=f"The first day that counts: {FORMS}.")
@click.option("--until", metavar="WHEN", help="The first moment that no longer counts; days count whole.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True,
    help="Of JSON and CSV, bytes are exact.",
)  # fmt: skip
@ledger_option
@zone_option("days, dates and times are")
def command(
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
    style: str,
    ledger: str | None,
    policy: Path | None,
) -> None:
    """Show who goes to AI services that Tollway does not read: chat apps, editors, APIs of no provider row.

    Their tunnels pass undecrypted, and are counted by host, caller and bytes. `faults: unmanaged: refuse` in
    the policy closes them. What a proxy counted in the last 5 seconds, and in a fleet in the last minute, is
    not there yet.
    """
    zone = zone_of(policy or paths.policy_path())
    now_us = clock.now_us()
    first = _day("--since", since, now_us, zone, ends=False)
    last = _day("--until", until, now_us, zone, ends=True)
    if first is not None and last is not None and first >= last:
        raise click.UsageError(f"nothing lies between --since {since} and --until {until}")
    sightings = read(ledger, first, last)
    show(discovered(sightings, known_services(), by, zone, first, last), style)


def read(ledger: str | None, since: str | None, until: str | None) -> list[Sighting]:
    """What a ledger has of these days. If none was named and none is there yet, there is nothing."""
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return []
    books = open_books(url)
    try:
        return books.tunnels(since or FIRST_DAY, until or LAST_DAY)
    finally:
        books.close()


def show(found: Discovered, style: str) -> None:
    """Print it on standard output."""
    if style == "json":
        click.echo(indented(as_json(found)))
        return
    from tollway.reporting.discovered_text import as_csv, as_text

    if style == "csv":
        click.echo(as_csv(found), nl=False)
    elif not found.rows:
        when = " in that time" if found.since is not None or found.until is not None else " yet"
        click.echo(f"No AI service that Tollway does not read was seen{when}.", err=True)
    else:
        click.echo(as_text(found))


def _day(option: str, text: str | None, now_us: int, zone: ZoneInfo, *, ends: bool) -> str | None:
    """The day that a moment is of. `ends`: the one after it, unless it is that day's beginning."""
    us = moment_of(option, text, now_us, zone)
    if us is None:
        return None
    at = local(us, zone)
    begins = at.time().isoformat() == "00:00:00"
    return (at.date() + timedelta(days=int(ends and not begins))).isoformat()
