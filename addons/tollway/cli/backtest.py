"""`tollway backtest`: what a policy would have done to the calls of a ledger."""

import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from tollway import clock, key_files, paths, price_file
from tollway.backtest.replay import Replay
from tollway.backtest.result import Backtest, backtest
from tollway.cli.book_options import ledger_option
from tollway.cli.report import moment_of
from tollway.ledger.open import is_there, open_recorded
from tollway.ledger.store import EARLIEST_US, LATEST_US
from tollway.policy.schema import Policy
from tollway.policy_file import read_policy
from tollway.reporting import backtested
from tollway.reporting.span import FORMS
from tollway.reporting.visible import indented

BACK_US = 86_400_000_000
"""A rolling window has calls that ended in it: what began a day before it is looked at, too."""
NO_CALLS = (
    "No AI calls {}: there is nothing to try a policy on. `tollway run -- claude` (or any program) records"
    " some."
)


@click.command()
@click.argument("policy", metavar="POLICY", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--since", metavar="WHEN", help=f"The first moment that counts: {FORMS}.")
@click.option(
    "--until", metavar="WHEN", help="The first moment that no longer counts: 2026-12 ends with November."
)
@click.option(
    "--format", "style", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="A table is plain text unless it goes to a terminal.",
)  # fmt: skip
@ledger_option
def command(policy: Path, since: str | None, until: str | None, style: str, ledger: str | None) -> None:
    """Try POLICY on the calls that the ledger has: which it would have refused, clamped, made to wait or
    moved, whose they were, and what that saves, beside what really happened.

    Calls are replayed in the order of time, and decided as the proxy decides them. Nothing of the ledger is
    changed, and nothing is called. Each holds its recorded bound, or what it came to where none was recorded;
    one that a route moves is priced at its target's list price. Calls that were refused then are tried, too.
    Calls before --since count in the windows that it lies in. At the end stands what can't be known.

    Exit status 0: done, whatever would have been refused; 1: the ledger can't be read; 2: wrong use, or a
    policy with mistakes, as `tollway check` tells them.
    """
    chosen = read_policy(policy)
    key_files.read(chosen)
    now_us = clock.now_us()
    since_us, until_us = (
        moment_of(name, text, now_us, chosen.zone) for name, text in (("--since", since), ("--until", until))
    )
    if since_us is not None and until_us is not None and since_us >= until_us:
        raise click.UsageError(f"nothing lies between --since {since} and --until {until}")
    with waiting():
        found = replayed(chosen, ledger, since_us, until_us)
    show(found, str(policy), chosen, style)


def waiting() -> AbstractContextManager[object]:
    """Has somebody who looks see that it works: a million calls take a third of a minute."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status("Replaying the ledger ...")


def replayed(policy: Policy, ledger: str | None, since_us: int | None, until_us: int | None) -> Backtest:
    """What the policy makes of a ledger. If none was named and none is there yet, it is empty. Raises
    LedgerError, PolicyError."""
    replay = Replay(policy, price_file.book(policy), since_us or EARLIEST_US)
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return backtest(policy, replay, (), since_us, until_us)
    from_us = EARLIEST_US if since_us is None else max(replay.kinds.since_us(since_us) - BACK_US, EARLIEST_US)
    books = open_recorded(url)
    try:
        attempts = books.attempts(replay.kinds.names, from_us, until_us or LATEST_US)
        return backtest(policy, replay, attempts, since_us, until_us)
    finally:
        books.close()


def show(found: Backtest, file: str, policy: Policy, style: str) -> None:
    """Print it on standard output."""
    if style == "json":
        click.echo(indented(backtested.as_json(found, file, policy.zone)))
    elif found.first_us is None:
        spanned = found.since_us is not None or found.until_us is not None
        click.echo(NO_CALLS.format("in that time" if spanned else "yet"), err=True)
    elif sys.stdout.isatty():
        from rich.console import Console

        from tollway.reporting.backtested_table import as_table

        console = Console()
        console.print(as_table(found, file, policy.zone, console.width))
    else:
        from tollway.reporting.backtested_text import as_text

        click.echo(as_text(found, file, policy.zone))
