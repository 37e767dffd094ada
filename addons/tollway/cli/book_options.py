"""Options that the commands share which read a ledger: they import no engine."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tollway.errors import TollwayError
from tollway.secret_place import SecretPlace

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _handed_in(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """A URL with a password in it does not belong on a command line, nor among the variables of a service."""
    if value is None or not value.startswith(("file:", "credential:")):
        return value
    try:
        return SecretPlace.of(value).read(os.environ).decode().strip()
    except UnicodeDecodeError:
        raise click.BadParameter(f"{value} holds no URL", context, option) from None
    except (ValueError, TollwayError) as error:
        raise click.BadParameter(str(error), context, option) from None


ledger_option: Decorator = click.option(
    "--ledger",
    metavar="URL",
    envvar="TOLLWAY_LEDGER",
    show_envvar=True,
    callback=_handed_in,
    help="file:PATH or credential:NAME (systemd's) that holds the URL; or it itself: sqlite:PATH, or "
    "redis://HOST:PORT/DB of a fleet. [default: ledger.db in the data folder]",
)


def zone_option(what: str) -> Decorator:
    """`--policy`, of which only the time zone counts. `what`: times and days that are in it."""
    return click.option(
        "--policy",
        type=click.Path(path_type=Path, dir_okay=False),
        help=f"The policy whose time zone {what} in. [default: the user's own, else UTC]",
    )
