"""`tollway prices`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from tollway import clock, price_file
from tollway.cli.options import policy_option
from tollway.cli.text_or_json import text_or_json
from tollway.policy_file import read_policy
from tollway.prices.book import PriceBook
from tollway.prices.card import card, homes
from tollway.prices.compare import differences, unmatched
from tollway.prices.facts import Facts
from tollway.prices.tables import STANDARD, tables
from tollway.reporting import price_card, price_changes
from tollway.reporting.span import parse

_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def command() -> None:
    """Show what models cost, and keep a price list of your own.

    Nothing is fetched, ever. A price list is written as a policy is: `version: 1` and `prices:`.
    """


@command.command()
@click.argument("model")
@click.option("--provider", help="Whose price. [default: PROVIDER/MODEL says it, else whoever makes it]")
@click.option("--at", "when", metavar="WHEN", help="A date or a time, in UTC. [default: now]")
@click.option("--host", default="", help="Where it is called, for regions that cost more.")
@policy_option
@text_or_json
def show(
    model: str, provider: str | None, when: str | None, host: str, policy: Path | None, style: str
) -> None:
    """Show what MODEL costs: every tier and step that is known, and which entry and rules say so.

    A model that no list knows is shown at what it would be charged, with names like its own.
    """
    chosen = read_policy(policy)
    layers = price_file.layers(chosen)
    asked = _facts(model, provider, host, _moment(when))
    if provider is None:
        found = homes(asked, layers)
        asked = _facts(asked.asked or model, _named(model) or next(iter(found), ""), host, asked.at)
    shown, version = card(asked, layers), PriceBook(chosen.prices, price_file.own()).version
    if style == "json":
        click.echo(json.dumps(price_card.as_json(shown, version), indent=2, ensure_ascii=False))
    else:
        click.echo(price_card.as_text(shown, version))


@command.command()
@_file
@text_or_json
def diff(file: Path, style: str) -> None:
    """Compare FILE, a price list or a policy, with the built-in prices.

    Each price that it changes, old and new. Entries that begin later are compared on their first day,
    those that are over on their last.
    """
    today = clock.utc(clock.now()).date()
    rows = price_file.read(file)
    changed, idle = list(differences(rows, today)), unmatched(rows, today)
    if style == "json":
        click.echo(json.dumps(price_changes.as_json(changed, idle), indent=2, ensure_ascii=False))
    else:
        click.echo(price_changes.as_text(changed, idle))


@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--remove", is_flag=True, help="Take your own list away; what is built in holds again.")
def update(file: Path | None, remove: bool) -> None:
    """Make FILE your own price list, for every command and for proxies that start from now on.

    It is checked, then copied into the data folder. It stands over what is built in; a policy's `prices`
    stand over it. The ledger's `price_version` says which list a cost was made by.
    """
    if remove == (file is not None):
        raise click.UsageError("name a FILE, or --remove")
    if file is not None:
        target = price_file.install(file)
        click.echo(f"{target}: {PriceBook((), price_file.own()).version}")
    elif price_file.remove():
        click.echo(f"removed {price_file.own_path()}")
    else:
        click.echo("there was no list of your own")


def _named(model: str) -> str | None:
    """The provider that a model's name begins with."""
    provider, _, rest = model.partition("/")
    return provider if rest and provider in tables().habits else None


def _facts(model: str, provider: str | None, host: str, at: datetime) -> Facts:
    if provider is None and _named(model):
        model = model.partition("/")[2]
    return Facts(
        provider=provider or "", host=host.lower(), operation="", served=None, asked=model, tier=STANDARD,
        speed=None, geo=None, at=at, notional=False,
    )  # fmt: skip


def _moment(when: str | None) -> datetime:
    if when is None:
        return clock.utc(clock.now())
    from zoneinfo import ZoneInfo

    try:
        us = parse(when, int(clock.now() * 1_000_000), ZoneInfo("UTC"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    return datetime.fromtimestamp(us // 1_000_000, UTC)
