"""`tollway cache`: the answers that are kept, and were given again.

As `report`, it imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from tollway import clock, paths
from tollway.cache.open import open_shelf
from tollway.caching.store import Shelf, Which
from tollway.cli.book_options import ledger_option
from tollway.cli.text_or_json import text_or_json
from tollway.reporting.cached import as_json, as_text
from tollway.reporting.visible import indented

NONE_YET = "No answers are kept. A policy's `cache` says of which calls they are: `tollway check POLICY`."
SAY_WHICH = "say which: --rule, --scope or --model, or --all"


@click.group()
def command() -> None:
    """Show the answers that are kept, or delete them.

    They are in a file beside the ledger, or in the Redis of a fleet, as the policy's `cache` says: of which
    calls, for how long, among whom. A call that is answered from there costs nothing.
    """


@command.command(short_help="Show what is kept, how often it was given, what that saved.")
@ledger_option
@text_or_json
def stats(ledger: str | None, style: str) -> None:
    """Show what is kept: answers and their bytes by rule, scope, provider and model, how often they were
    given, and what those calls would have cost. What is over is not counted; hits are, within a minute."""
    with _shelf(ledger) as shelf:
        shares = shelf.stats(clock.now_us())
        size = shelf.size()
    if style == "json":
        click.echo(indented(as_json(shares, shelf.place, size)))
    elif shares:
        click.echo(as_text(shares))
    else:
        click.echo(NONE_YET, err=True)


@command.command(short_help="Delete answers, by rule, scope or model, or all.")
@click.option("--rule", metavar="NAME", help="Those that this entry of the policy's `cache` had kept.")
@click.option(
    "--scope", metavar="NAME",
    help="Those of a scope as `tollway cache stats` shows it ('team research'), or of all of a kind (team).",
)  # fmt: skip
@click.option("--model", metavar="NAME", help="Those of a model, as its provider was asked for it.")
@click.option("--all", "every", is_flag=True, help="All of them.")
@ledger_option
@text_or_json
def clear(
    rule: str | None, scope: str | None, model: str | None, every: bool, ledger: str | None, style: str
) -> None:
    """Delete answers that meet all that is said, and say how many, and how much room they took.

    No proxy of the ledger finds them from then on. An answer that is on its way is kept when it ends.
    """
    which = Which(rule=rule, scope=scope, model=model)
    if every is (which != Which()):
        raise click.UsageError(SAY_WHICH)
    with _shelf(ledger) as shelf:
        cleared = shelf.clear(which)
    if style == "json":
        click.echo(indented({"answers": cleared.answers, "bytes": cleared.size}))
    else:
        answers = f"{cleared.answers:,} answer{'s' * (cleared.answers != 1)}"
        click.echo(f"deleted {answers}, which took {cleared.size:,} bytes")


@contextmanager
def _shelf(ledger: str | None) -> Iterator[Shelf]:
    shelf = open_shelf(ledger or paths.ledger_url())
    try:
        yield shelf
    finally:
        shelf.close()
