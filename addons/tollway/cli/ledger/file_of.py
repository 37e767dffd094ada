"""The file that a command of `tollway ledger` is about, and how it gives way to who else writes there."""

import time
from collections.abc import Callable
from pathlib import Path

import click

from tollway import clock, paths
from tollway.ledger.fault import LedgerError
from tollway.ledger.open import is_of_fleet, path_of
from tollway.ledger.presence import living


def file_of(ledger: str | None) -> Path:
    """The file of a ledger, which is there; of a fleet the one that this machine drains its log into, and
    does now. Raises LedgerError."""
    url = ledger or paths.ledger_url()
    path = path_of(url)
    if is_of_fleet(url):
        from tollway.ledger.fleet.collecting import collect

        count = collect(url, path, clock.now_us())
        click.echo(
            f"a fleet's calls are collected first: {count:,} came into {path}, which is meant", err=True
        )
    if not paths.is_there(path):
        raise LedgerError(f"ledger {path}: there is no such file")
    return path


def resting(path: Path) -> Callable[[float], None]:
    """Waits as long as the last transaction took, while proxies write to the same ledger: each of their calls
    needs its lock."""

    def rest(seconds: float) -> None:
        if living(path):
            time.sleep(seconds)

    return rest
