"""`tollway ca`: the certificate authority."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from tollway import clock
from tollway.ca import bundle, store, trust
from tollway.ca.anchor import Anchors
from tollway.ca.authority import warning
from tollway.ca.recipe import Recipe
from tollway.ca.succession import Succession
from tollway.cli.ca_facts import facts, folder, policy_option, provider_hosts, refresh, show_facts
from tollway.cli.ca_rotation import retire, rotate
from tollway.cli.handing_over import STANDARD, handing_over, key_option
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError


def current(policy: Path | None) -> Anchors:
    """Whom clients are to trust: the authority of the data folder, made at first use, and the next one, if
    there is one; a word on standard error if it ends soon."""
    now = clock.utc(clock.now())
    anchors = store.succession_or_make(folder(), provider_hosts(policy), now).trusted(now)
    if text := warning(anchors.all[-1], now):
        click.echo(f"tollway: {text}", err=True)
    return anchors


@click.group()
def command() -> None:
    """Show, make, trust or export the certificate authority.

    It is made at first use, in the data folder, and can speak for the providers' hosts and for no others.
    """


@command.command()
@policy_option
@text_or_json
def show(policy: Path | None, style: str) -> None:
    """Show the authority: its certificate, how long it lasts, and the names it can speak for."""
    now = clock.utc(clock.now())
    found = store.succession(folder(), now)
    if found is None:
        raise TollwayError(
            f"there is no certificate authority in {folder()} yet: `tollway ca init` makes one, and so does "
            "the first `tollway run` or `tollway serve`"
        )
    show_facts(facts(found, policy, now), style)


@command.command()
@policy_option
@click.option("--force", is_flag=True, help="Make a new one, and put the old one aside.")
@key_option
@text_or_json
def init(policy: Path | None, force: bool, key_to: Path | None, style: str) -> None:
    """Make the authority, for the providers' hosts of today."""
    now, kept = clock.utc(clock.now()), None
    old = None if force else store.succession(folder(), now)
    if old is not None:
        raise TollwayError(
            f"there is a certificate authority already, {old.standing(now).id} in {folder()}: `tollway ca "
            "rotate` makes the next one, which takes its place once clients trust both; --force makes a new "
            "one now, which clients must then trust in its place (`tollway ca trust`)"
        )
    with handing_over(key_to) as hand_over:
        authority, kept = store.renew(folder(), provider_hosts(policy), now, hand_over)
    refresh(authority)
    told = facts(Succession(authority), policy, now, key_to)
    show_facts({**told, "kept": str(kept) if kept else None}, style, err=key_to == STANDARD)
    if kept and style == "text":
        click.echo(
            "\nRestart running proxies, and renew trust where it was set up (`tollway ca trust`). "
            f"The old one is kept as {kept}: delete it once no client trusts it.",
            err=True,
        )


@command.command(name="trust")
@click.option("--for", "target", type=click.Choice(list(trust.TARGETS)), help="[default: this system]")
@click.option("--apply", "applied", is_flag=True, help="Run the commands, on Debian; asks sudo for root.")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True, resolve_path=True),
    help="With --for debian: the folder of another system, such as an image being built.",
)
@text_or_json
def trust_command(target: str | None, applied: bool, root: Path | None, style: str) -> None:
    """Print the commands that make a system or a program trust the authority.

    Programs started by `tollway run`, or under `tollway env`, need none of them.
    """
    if os.environ.get("SUDO_USER") and not os.environ.get("TOLLWAY_HOME"):
        raise TollwayError("run it without sudo: root has another data folder; --apply asks for root itself")
    target = target or trust.this_system(sys.platform)
    if target is None:
        raise click.UsageError("this system is unknown: choose with --for " + "|".join(trust.TARGETS))
    if (applied or root) and target != "debian":
        raise click.UsageError("--apply and --root are for Debian; elsewhere run the commands yourself")
    found = [
        trust.debian(certificate, tag, root) if root else trust.TARGETS[target](certificate, tag)
        for tag, certificate in store.each_path(folder(), current(None)).items()
    ]
    if applied:
        for each in found:
            apply(each)
    elif style == "json":
        steps = {"trust": [c for each in found for c in each.trust],
                 "distrust": [c for each in found for c in each.distrust]}  # fmt: skip
        click.echo(json.dumps({"for": target, **steps, "note": found[0].note or None}, indent=2))
    else:
        click.echo("\n".join(each.text() for each in found))


@command.command(name="bundle")
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True), metavar="FILE",
    help="Where to write it; - is standard output. [default: the data folder]",
)  # fmt: skip
@text_or_json
def bundle_command(output: Path | None, style: str) -> None:
    """Write the system's roots and the authority's to one PEM file, and print its path."""
    written = bundle.write(folder(), Recipe(True), current(None).root_pem()).path
    if output == Path("-"):
        click.echo(written.read_bytes(), nl=False)
        return
    if output is not None:
        try:
            output.write_bytes(written.read_bytes())
        except OSError as error:
            raise TollwayError(f"{output}: {error.strerror}: choose another --output") from None
        written = output.absolute()
    click.echo(json.dumps({"bundle": str(written)}) if style == "json" else written)


def apply(found: trust.Trust) -> None:
    """Run the commands; root needs no sudo."""
    for words in found.trust:
        words = words[1:] if words[0] == "sudo" and os.geteuid() == 0 else words
        try:
            status = subprocess.run(words).returncode
        except OSError as error:
            raise TollwayError(f"{words[0]}: {error.strerror}") from None
        if status:
            raise TollwayError(f"{found.show(words)}: it ended with status {status}")


command.add_command(rotate)
command.add_command(retire)
