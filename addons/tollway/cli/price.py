"""`tollway price`: what recorded traffic costs, without running anything."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from tollway.cli.options import policy_option
from tollway.errors import TollwayError

if TYPE_CHECKING:
    from tollway.recorded.call import Call

STDIN = "-"


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(allow_dash=True))
@policy_option
@click.option(
    "--format", "style", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True,
    help="A table is plain text unless it goes to a terminal.",
)  # fmt: skip
@click.option("--all", "all_of_them", is_flag=True, help="List in the table what is no AI call, too.")
def command(file: str, policy: Path | None, style: str, all_of_them: bool) -> None:
    """Price the traffic that FILE has recorded: a line for each call, and a total.

    FILE is a HAR (of a browser, mitmproxy, Charles, Fiddler, Proxyman ...) or a file of mitmproxy's flows,
    compressed or not; - is standard input. Each call is priced at its own date, as the proxy would have
    priced it. An entry that is damaged is named on standard error, and the others are priced: exit status 0.
    It is 1 if the file as a whole can't be read.
    """
    calls = priced(file, policy)
    for call in calls:
        if call.is_damaged:
            click.echo(f"{file}: entry {call.n}: {(call.reason or '').removeprefix('damaged: ')}", err=True)
    show(calls, style, all_of_them)


def priced(file: str, policy: Path | None) -> "list[Call]":
    """The calls of a file, at the prices and with the providers of a policy. Raises TollwayError."""
    from tollway import clock, price_file
    from tollway.policy_file import read_policy
    from tollway.providers.load import load
    from tollway.recorded.file import Recording
    from tollway.recorded.pricing import price

    rules = read_policy(policy)
    try:
        with opened(file) as stream:
            recording = Recording(stream)
            registry = load(rules.provider_rows(), open_regions=True)
            now_us = int(clock.now() * 1_000_000)
            calls = price(recording, registry, price_file.book(rules), now_us)
    except OSError as error:
        raise TollwayError(f"{file}: can't be read: {error.strerror or error}") from None
    except TollwayError as error:
        raise TollwayError(f"{file}: {error}") from None
    if recording.note:
        click.echo(f"{file}: {recording.note}", err=True)
    return calls


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """The file for reading. Raises OSError."""
    if file == STDIN:
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as stream:
        yield stream


def show(calls: "Sequence[Call]", style: str, all_of_them: bool) -> None:
    """Print the calls on standard output."""
    if style == "json":
        from tollway.recorded.document import as_text

        click.echo(as_text(calls))
    elif style == "csv":
        from tollway.recorded.sheet import as_csv

        click.echo(as_csv(calls), nl=False)
    elif sys.stdout.isatty():
        from rich.console import Console

        from tollway.recorded.table import as_table

        console = Console()
        console.print(as_table(calls, all_of_them, console.width))
    else:
        from tollway.recorded import text

        click.echo(text.as_text(calls, all_of_them))
