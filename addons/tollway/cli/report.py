"""`tollway report`: the bill.

It imports no mitmproxy, no price list, no pydantic and no asyncio: they take a second. But for `--prices`.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from click.core import ParameterSource

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.grouping import grouping
from tollway.cli.printed import say_none, show_columns
from tollway.errors import Mistake, PolicyError
from tollway.ledger.attributes import COLUMNS, PERIODS, check
from tollway.ledger.open import is_there, open_books
from tollway.ledger.sums import Sums
from tollway.reporting.bill import Bill, as_json, report
from tollway.reporting.span import FORMS, parse
from tollway.reporting.stretch import UNITS
from tollway.reporting.visible import indented

if TYPE_CHECKING:
    from tollway.reporting.reprice import Comparison

DEFAULT_BY = "day,provider,model"
_BY = f"What to group by, with commas between: {', '.join((*PERIODS, *COLUMNS))}, tag.KEY, claim.NAME."


@click.command()
@click.option(
    "--by", metavar="A,B,...", callback=grouping(check), default=DEFAULT_BY, show_default=True, help=_BY
)
@click.option("--since", metavar="WHEN", help=f"The first moment that counts: {FORMS}.")
@click.option(
    "--until", metavar="WHEN", help="The first moment that no longer counts: 2026-12 ends with November."
)
@click.option(
    "--format", "style", type=click.Choice(["table", "json", "csv", "markdown", "focus"]), default="table",
    show_default=True,
    help="A table is plain text unless it goes to a terminal; markdown is for a message in a chat; focus is "
    "FOCUS 1.2, as CSV, by day, team, user and service unless --by says otherwise.",
)  # fmt: skip
@ledger_option
@zone_option("days, dates and times are")
@click.option(
    "--prices", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Show what the same calls would cost by the built-in prices and FILE's, a price list or a policy.",
)  # fmt: skip
@click.option(
    "--compare", type=click.Choice(UNITS),
    help="Beside each row what it was in the month, week or day before, or in as much time before the span. "
    "A month that is not over is compared with as many days of the one before.",
)  # fmt: skip
@click.option(
    "--movers", type=click.IntRange(min=1), metavar="N",
    help="Only the N rows that rose most, and the N that fell most; with --compare, else by month.",
)  # fmt: skip
@click.option(
    "--refused", is_flag=True,
    help="What was refused instead: by reason and limit, how often, and what it might have cost, estimated.",
)  # fmt: skip
@click.pass_context
def command(
    context: click.Context,
    by: tuple[str, ...],
    since: str | None,
    until: str | None,
    style: str,
    ledger: str | None,
    policy: Path | None,
    prices: Path | None,
    compare: str | None,
    movers: int | None,
    refused: bool,
) -> None:
    """Show the bill: what the calls in the ledger used, and what they cost.

    Calls in flight, and those whose process died, count at their estimate. --by "" is the total alone.

    With --prices the calls are priced again, from the usage that was recorded, and nothing of the ledger is
    changed. FILE takes the place of the policy's prices and of your own list. What providers billed
    themselves, what has no usage, and what several models shared stays as it is.

    With --compare or --movers rows are by provider and model, unless --by says otherwise. With --refused they
    are by what --by says, and by reason; what the calls might have cost is in no cost.
    """
    _one_at_a_time(style, {"--prices": prices, "--compare": compare or movers, "--refused": refused})
    zone = zone_of(policy or paths.policy_path())
    now_us = int(clock.now() * 1_000_000)
    since_us = moment_of("--since", since, now_us, zone)
    until_us = moment_of("--until", until, now_us, zone)
    if since_us is not None and until_us is not None and since_us >= until_us:
        raise click.UsageError(f"nothing lies between --since {since} and --until {until}")
    asked = context.get_parameter_source("by") is not ParameterSource.DEFAULT
    if style == "focus":
        from tollway.cli.report_focus import show_focus

        show_focus(ledger, by if asked else None, since_us, until_us)
    elif compare is not None or movers is not None:
        from tollway.cli.compared import BY, compare_bills, show_changes

        by, unit = by if asked else BY, compare or "month"
        show_changes(compare_bills(ledger, by, unit, since_us, until_us, now_us, zone, movers), style)
    elif refused:
        from tollway.cli.refusals import find, show_refused

        show_refused(find(ledger, by if asked else (), since_us, until_us, zone), style)
    elif prices is not None:
        show_repriced(reprice(ledger, prices, by, since_us, until_us, zone), style)
    else:
        show(read(ledger, by, since_us, until_us, zone), style)


def _one_at_a_time(style: str, options: Mapping[str, object]) -> None:
    """Each of these shows a bill of its own. Raises UsageError."""
    given = [name for name, value in options.items() if value]
    if len(given) > 1:
        raise click.UsageError("one of --prices, --compare (--movers) and --refused at a time")
    if style == "focus" and given:
        raise click.UsageError(f"--format focus has list, contracted and billed cost: it takes no {given[0]}")


def read(
    ledger: str | None, by: tuple[str, ...], since_us: int | None, until_us: int | None, zone: ZoneInfo
) -> Bill:
    """The bill of a ledger. If none was named and none is there yet, it is empty."""
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return Bill(by, (), Sums(), zone, since_us, until_us)
    books = open_books(url)
    try:
        return report(books, by, since_us, until_us, zone)
    finally:
        books.close()


def reprice(
    ledger: str | None,
    prices: Path,
    by: tuple[str, ...],
    since_us: int | None,
    until_us: int | None,
    zone: ZoneInfo,
) -> "Comparison":
    """The bill of a ledger, twice: as charged, and at a file's prices."""
    from tollway import price_file
    from tollway.prices.book import PriceBook
    from tollway.reporting.reprice import Comparison, Repriced, compare

    book, url = PriceBook(price_file.read(prices)), ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return Comparison(by, (), Repriced(), book.version, zone, since_us, until_us)
    books = open_books(url)
    try:
        return compare(books, book, by, since_us, until_us, zone)
    finally:
        books.close()


def show_repriced(comparison: "Comparison", style: str) -> None:
    """Print the two bills on standard output."""
    from tollway.reporting import reprice, repriced_text

    if style == "json":
        click.echo(indented(reprice.as_json(comparison)))
    elif style == "markdown":
        from tollway.reporting import repriced_columns as shown

        show_columns(shown.title(comparison), shown.columns(comparison), shown.notes(comparison), style)
    elif style == "csv":
        click.echo(repriced_text.as_csv(comparison), nl=False)
    else:
        click.echo(repriced_text.as_text(comparison))


def show(bill: Bill, style: str) -> None:
    """Print the bill on standard output."""
    if style == "json":
        click.echo(indented(as_json(bill)))
    elif style == "markdown":
        from tollway.reporting.columns import columns
        from tollway.reporting.headings import title

        show_columns(title(bill), columns(bill), (), style)
    elif style == "csv":
        from tollway.reporting.sheet import as_csv

        click.echo(as_csv(bill), nl=False)
    elif not bill.rows:
        say_none(bill.since_us is not None or bill.until_us is not None)
    elif sys.stdout.isatty():
        from rich.console import Console

        from tollway.reporting.table import as_table

        console = Console()
        console.print(as_table(bill, console.width))
    else:
        from tollway.reporting.text import as_text

        click.echo(as_text(bill))


def zone_of(policy: Path | None) -> ZoneInfo:
    """The time zone that a policy names, UTC if it names none. Raises PolicyError.

    Only that is read of it: what else may be wrong there does not keep anybody from the bill.
    """
    if policy is None:
        return ZoneInfo("UTC")
    from tollway.policy.document import Malformed
    from tollway.policy.document import read as read_document

    try:
        document = read_document(policy.read_text("utf-8-sig"))
    except OSError as error:
        raise PolicyError(
            [Mistake(str(policy), None, None, "", f"can't be read: {error.strerror}")]
        ) from None
    except (Malformed, UnicodeDecodeError):
        raise PolicyError(
            [Mistake(str(policy), None, None, "", "is no YAML: `tollway check` says where it goes wrong")]
        ) from None
    value = document.value
    name = value.get("timezone", "UTC") if isinstance(value, dict) else "UTC"
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError, TypeError):
        line, column = document.values["timezone",]
        said = f"no time zone is called {name!r}: write it as Europe/Berlin or UTC"
        raise PolicyError([Mistake(str(policy), line, column, "timezone", said)]) from None


def moment_of(option: str, text: str | None, now_us: int, zone: ZoneInfo) -> int | None:
    """What an option says, as `span.parse` has it; None: nothing. Raises BadParameter."""
    if text is None:
        return None
    try:
        return parse(text, now_us, zone)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from None
