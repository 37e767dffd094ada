"""`tollway alerts`: what was told lately, and whether the webhook takes it.

As `report`, `list` imports no mitmproxy, no price list, no pydantic and no asyncio.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from tollway import clock, paths
from tollway.alerts.alert import Kind
from tollway.cli.book_options import ledger_option, zone_option
from tollway.cli.report import moment_of, zone_of
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError
from tollway.ledger.open import is_there, open_books
from tollway.ledger.store import Told
from tollway.reporting.budgets import iso
from tollway.reporting.figures import printable
from tollway.reporting.span import FORMS
from tollway.reporting.visible import indented

LATELY = "7d"
NO_WEBHOOK = "the policy names no webhook: alerts: {webhook: env:TOLLWAY_ALERT_URL}"


class NoWebhook(TollwayError):
    """There is nothing to be tested."""

    status = 2  # as of a wrong policy


@click.group()
def command() -> None:
    """Send alerts as a test, or show what was told lately."""


@command.command(short_help="Send a made-up alert of each kind to the webhook.")
@click.option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False),
    help="The policy whose webhook it is. [default: policy.yaml in the configuration folder]",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]),
    help="Of this kind; may be repeated. [default: all that the policy has told]",
)  # fmt: skip
@text_or_json
def test(policy: Path | None, kinds: tuple[str, ...], style: str) -> None:
    """Send one made-up alert of each kind to the policy's webhook, in its form and signed as it says, and
    tell what came back. Each says that it is a test. None is tried again.

    Exit status 0: all arrived; 1: some did not. The webhook's address is not printed.
    """
    from tollway.alerts.form import FORMS
    from tollway.alerts.sample import sample
    from tollway.observe.post import address, post, signing, unsigned
    from tollway.policy_file import read_policy

    said = read_policy(policy).alerts
    if said.webhook is None:
        raise NoWebhook(NO_WEBHOOK)
    url = address(said.webhook, os.environ)
    sign = unsigned if said.secret is None else signing(said.secret, os.environ)
    results = []
    for kind in [one for one in Kind if one in (kinds or said.kinds)]:
        began = time.monotonic()
        answer = post(url, FORMS[said.format](sample(kind, clock.now_us())), sign=sign)
        results.append(result(kind, answer.status, answer.arrived, time.monotonic() - began))
        if style == "text":
            click.echo(as_line(results[-1]))
    if style == "json":
        click.echo(
            indented({"format": said.format.value, "signed": said.secret is not None, "sent": results})
        )
    sys.exit(0 if all([one["arrived"] for one in results]) else 1)


@command.command("list", short_help="Show which alerts were told lately.")
@click.option(
    "--since",
    metavar="WHEN",
    default=LATELY,
    show_default=True,
    help=f"The first moment that counts: {FORMS}.",
)
@ledger_option
@zone_option("times are")
@text_or_json
def list_(since: str, ledger: str | None, policy: Path | None, style: str) -> None:
    """Show which alerts were told lately, over all processes of the ledger, the latest last."""
    zone = zone_of(policy or paths.policy_path())
    since_us = moment_of("--since", since, clock.now_us(), zone)
    found = [as_json(one, zone) for one in read(ledger, since_us or 0)]
    if style == "json":
        click.echo(json.dumps({"alerts": found}, indent=2))
    elif found:
        click.echo("\n".join(f"{one['at']}  {one['kind']}  {printable(one['text'])}" for one in found))
    else:
        click.echo("No alerts in that time.", err=True)


def read(ledger: str | None, since_us: int) -> list[Told]:
    """What a ledger has. If none was named and none is there yet, there is nothing."""
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        return []
    books = open_books(url)
    try:
        return books.told(since_us)
    finally:
        books.close()


def as_json(told: Told, zone: ZoneInfo) -> dict[str, Any]:
    """`{at, kind, text}`; the time is ISO 8601 in the zone."""
    return {"at": iso(told.at_us, zone), "kind": told.kind, "text": told.text}


def result(kind: Kind, status: int | None, arrived: bool, seconds: float) -> dict[str, Any]:
    """`{kind, arrived, status, ms}`: `status` is null where nothing answered."""
    return {"kind": kind.value, "arrived": arrived, "status": status, "ms": round(seconds * 1000)}


def as_line(found: dict[str, Any]) -> str:
    """`level: arrived, 204 after 12 ms`."""
    answer = "nothing answered" if found["status"] is None else str(found["status"])
    how = "arrived" if found["arrived"] else "did not arrive"
    return f"{found['kind']}: {how}, {answer} after {found['ms']} ms"
