"""Options that the commands share which read a ledger: they import no engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

ledger_option: Decorator = click.option(
    "--ledger",
    metavar="URL",
    help="sqlite:PATH. [default: ledger.db in the data folder]",
)


def zone_option(what: str) -> Decorator:
    """`--policy`, of which only the time zone counts. `what`: times and days that are in it."""
    return click.option(
        "--policy",
        type=click.Path(path_type=Path, dir_okay=False),
        help=f"The policy whose time zone {what} in. [default: the user's own, else UTC]",
    )
