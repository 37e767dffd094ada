"""`tollway show`: one call, and what was said in it where the policy keeps that.

As `report`, it imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.report import zone_of
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError
from tollway.ledger.open import NONE_YET, open_books, path_of
from tollway.model import CallRecord
from tollway.reporting.visible import indented
from tollway.texts.file import beside
from tollway.texts.reader import TextReader
from tollway.texts.store import Text


@click.command()
@click.argument("call", metavar="CALL")
@text_or_json
@click.option(
    "--raw", is_flag=True,
    help="Print the texts alone, as they are kept: what went to the provider, then what the client got.",
)  # fmt: skip
@ledger_option
@zone_option("times are shown")
def command(call: str, style: str, raw: bool, ledger: str | None, policy: Path | None) -> None:
    """Show a call: who, when, which model, what it used and cost, what was done to it.

    CALL is its id, as the header x-tollway-call and `tollway top` have it, or how that begins. What was said
    in it is printed where the policy keeps it (`record`); else it says why not. Credentials are taken out
    before anything is kept, and marked.
    """
    if raw and style == "json":
        raise click.UsageError("--raw prints texts, and no JSON of its own: leave out one of the two")
    zone, now_us = zone_of(policy or paths.policy_path()), clock.now_us()
    found, orphaned, texts = read(ledger, call.strip().lower(), now_us)
    if raw:
        show_raw(texts)
        return
    from tollway.reporting.shown_call import as_json, as_text

    if style == "json":
        click.echo(indented(as_json(found, texts, zone, orphaned)))
    else:
        click.echo(as_text(found, texts, now_us, zone, orphaned))


def read(ledger: str | None, call: str, now_us: int) -> tuple[CallRecord, frozenset[str], Sequence[Text]]:
    """The call, the ids of open calls whose process died, and its texts. Raises LedgerError, TextsError."""
    url = ledger or paths.ledger_url()
    path = path_of(url)
    if ledger is None and not paths.is_there(path):
        raise TollwayError(NONE_YET)
    books = open_books(url)
    try:
        found = books.call(call)
        orphaned = books.orphaned() if found.state == "open" else frozenset[str]()
    finally:
        books.close()
    reader = TextReader(beside(path))
    try:
        return found, orphaned, reader.of(found.id, now_us)
    finally:
        reader.close()


def show_raw(texts: Sequence[Text]) -> None:
    """Print the texts, a line feed behind each. Raises TollwayError if there are none."""
    bodies = [text.body for text in texts if text.body is not None]
    if not bodies:
        raise TollwayError("no text of this call is there: without --raw it says why")
    if sys.stdout.isatty():
        from tollway.reporting.shown_call import lines_of

        bodies = ["\n".join(lines_of(body.decode("utf-8", "replace"))).encode() for body in bodies]
    for body in bodies:
        click.echo(body.rstrip(b"\n"))
