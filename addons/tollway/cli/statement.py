"""`tollway statement`: what a team, a user, a service or everybody spent in a month.

As `report`, it imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.report import zone_of
from tollway.errors import TollwayError
from tollway.ledger.open import NONE_YET, is_there, open_books
from tollway.reporting.visible import indented
from tollway.statement.month import Month, last, parse
from tollway.statement.statement import Statement, statement
from tollway.statement.whose import Whose


def _month(context: click.Context, option: click.Parameter, value: str | None) -> Month | None:
    try:
        return None if value is None else parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), context, option) from None


@click.command()
@click.option("--team", help="Whose calls count: this team's. Without any of these, everybody's.")
@click.option("--user", help="This user's.")
@click.option("--service", help="This service's.")
@click.option(
    "--month", metavar="YYYY-MM", callback=_month, help="The month. [default: the last that is over]"
)
@click.option(
    "--format", "style", type=click.Choice(["text", "html", "json", "markdown"]), default="text",
    show_default=True,
    help="html is a page that stands alone, and prints well; markdown is for a message in a chat.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write it there, in the place of what is there. [default: standard output]",
)  # fmt: skip
@ledger_option
@zone_option("months, days and times are")
def command(
    team: str | None,
    user: str | None,
    service: str | None,
    month: Month | None,
    style: str,
    output: Path | None,
    ledger: str | None,
    policy: Path | None,
) -> None:
    """Show a month's statement: the total, beside that of the month before; by team, model, program, user and
    day; the largest sessions; what the cache saved; what was refused; how far limits got.

    A month that is not over is compared with as many days of the one before. All figures are the ledger's, as
    `tollway report` shows them. What refused calls might have cost is an estimate, and in no total.
    """
    said = (("team", team), ("user", user), ("service", service))
    named = [(name, value) for name, value in said if value is not None]
    for name, value in named:
        if not value:  # of a shell's variable that is not set: everybody's bill is not what was asked for
            raise click.UsageError(f"--{name} has no name: say whose, or leave it out for everybody's")
    if len(named) > 1:
        raise click.UsageError("a statement is of one --team, one --user or one --service")
    zone, now_us = zone_of(policy or paths.policy_path()), clock.now_us()
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        raise TollwayError(NONE_YET)
    whose = Whose(*named[0]) if named else Whose()
    chosen = month or last(now_us, zone)
    if chosen.start_us(zone) >= now_us:
        raise click.UsageError(f"--month {chosen} has not begun yet")
    books = open_books(url)
    try:
        found = statement(books, whose, chosen, zone, now_us)
    finally:
        books.close()
    write(written(found, style), output)


def written(found: Statement, style: str) -> str:
    """The statement in a form: text, html, json or markdown."""
    if style == "json":
        from tollway.statement.as_json import as_json

        return indented(as_json(found)) + "\n"
    if style == "html":
        from tollway.statement.page import as_html

        return as_html(found)
    if style == "markdown":
        from tollway.statement.as_markdown import as_markdown

        return as_markdown(found)
    from tollway.statement.as_text import as_text

    return as_text(found) + "\n"


def write(text: str, output: Path | None) -> None:
    """Print it, or write it into a file. Raises TollwayError."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise TollwayError(f"the statement can't be written to {output}: {error.strerror}") from None
    click.echo(f"{output} has the statement.", err=True)
