"""`tollway ca rotate` and `retire`: another authority takes the place of the one that there is."""

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from tollway import clock
from tollway.ca import rotation
from tollway.ca.rotation import at
from tollway.cli.ca_facts import folder, next_facts, policy_option, provider_hosts, refresh, root_facts
from tollway.cli.handing_over import STANDARD, handing_over, key_option
from tollway.cli.text_or_json import text_or_json
from tollway.reporting.span import ahead

TOLD = """\
{next} signs from {since} on, and {first} until then. Now:
  on this machine's clients   tollway ca trust           (again: it names both)
  on others                   ca/tollway-ca.pem has both roots; {next} alone is {file}
  on the fleet's machines     copy the folder {folder} there
Running proxies know already, and go over by themselves. Once no client needs {first}: `tollway ca retire`."""
KEY = "Add its key to what --ca-key names; the former one stays there until {first} is retired."
RETIRED = """\
{first} is retired, its key deleted here; {next} alone is trusted. Now:
  on the fleet's machines     `tollway ca retire`, or copy the folder {folder} there
  where --ca-key names it     delete the key of {first}
  on clients                  take trust in {first} back, as `tollway ca trust` says of {next}"""


@click.command()
@policy_option
@click.option(
    "--from", "when", metavar="WHEN", default="7d", show_default=True,
    help="When it begins to sign: 7d, 12h, a date (its first moment, UTC) or a time.",
)  # fmt: skip
@key_option
@text_or_json
def rotate(policy: Path | None, when: str, key_to: Path | None, style: str) -> None:
    """Make the next authority, for the providers' hosts of today. It signs from a given time on, and clients
    are to trust both until the former one is retired, or ends: that is how none of them is cut off."""
    now_us = clock.now_us()
    now, since = clock.utc(clock.now()), clock.utc(_ahead(when, now_us) / 1_000_000)
    with handing_over(key_to) as hand_over:
        fresh, found = rotation.rotate(folder(), provider_hosts(policy), now, since, hand_over)
    trusted = found.trusted(now)
    refresh(trusted)
    err = key_to == STANDARD
    if style == "json":
        assert found.next is not None
        said = {"next": next_facts(found.next), "trusted": list(trusted.ids)}
        click.echo(json.dumps(said, indent=2), err=err)
        return
    names = {"next": fresh.id, "first": found.first.id, "since": at(since), "folder": folder()}
    click.echo(TOLD.format(**names, file=f"ca/tollway-ca-{fresh.id}.pem"), err=err)
    if key_to is not None:
        click.echo(KEY.format(**names), err=err)


@click.command()
@text_or_json
def retire(style: str) -> None:
    """Have the former authority be no more, once the next one signs: clients need not trust it any longer."""
    now = clock.utc(clock.now())
    first, left = rotation.retire(folder(), now)
    refresh(left.trusted(now))
    if style == "json":
        click.echo(
            json.dumps({"retired": root_facts(first), "trusted": list(left.trusted(now).ids)}, indent=2)
        )
    else:
        click.echo(RETIRED.format(first=first.id, next=left.first.id, folder=folder()))


def _ahead(text: str, now_us: int) -> int:
    try:
        return max(now_us, ahead(text, now_us, ZoneInfo("UTC")))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--from") from None
