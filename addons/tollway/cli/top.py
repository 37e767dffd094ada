"""`tollway top`: watch what calls cost, as they happen.

As `report`, it imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

import os
import sys
from pathlib import Path

import click

from tollway import clock, paths
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.report import zone_of
from tollway.errors import TollwayError
from tollway.ledger.open import NONE_YET, is_there, open_follower, open_ledger, path_of
from tollway.live.span import SPANS, Span
from tollway.live.watch import Watch
from tollway.reporting.visible import indented

UNABLE = ("dumb", "unknown")
"""Terminals that can't be drawn on."""


@click.command()
@click.option("--once", is_flag=True, help="Print a plain snapshot, and end.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="json prints all that the view can show, and ends.",
)  # fmt: skip
@click.option(
    "--span",
    type=click.Choice([*SPANS]),
    default="today",
    show_default=True,
    help="What is summed up at first.",
)
@ledger_option
@zone_option("days and times are")
def command(once: bool, style: str, span: str, ledger: str | None, policy: Path | None) -> None:
    """Watch budgets, calls as they happen, and what is spent by user, team, model, provider and program.

    It follows the ledger of running proxies, from any terminal, and slows none of them down. `?` shows the
    keys. Without a terminal that can be drawn on it prints a snapshot, as with --once.
    """
    zone, url = zone_of(policy or paths.policy_path()), ledger or paths.ledger_url()
    once = once or not (sys.stdout.isatty() and sys.stdin.isatty()) or os.environ.get("TERM") in UNABLE
    if not is_there(url):
        if ledger is not None:
            raise TollwayError(f"ledger {path_of(url)}: there is no such file")
        if once or style == "json":
            raise TollwayError(NONE_YET)
        open_ledger(url).close()  # whoever looks first sees the first call come
    follower = open_follower(url)
    try:
        watch = Watch(follower, zone, SPANS[span], clock.now)
        if style == "json":
            from tollway.live.as_json import as_json

            click.echo(indented(as_json(watch.snapshot(SPANS[span]))))
        elif once:
            show(watch, SPANS[span])
        else:
            from tollway.live.terminal import follow

            follow(watch, SPANS[span])
    finally:
        follower.close()


def show(watch: Watch, span: Span) -> None:
    """Print one view as plain text, as wide as the terminal, or as a pipe's reader may like."""
    from rich.console import Console

    from tollway.live.terminal import plain

    console = Console()
    width = console.width if console.is_terminal else WIDE_ENOUGH
    click.echo(plain(watch.snapshot(span), width, console.encoding))


WIDE_ENOUGH = 160
"""Cells of a view that goes to a file."""
