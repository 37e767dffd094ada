"""`tollway ca`: the certificate authority."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tollway import clock, paths
from tollway.ca import bundle, keystore, store, trust
from tollway.ca.authority import Authority, warning
from tollway.ca.recipe import Recipe
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError

policy_option = click.option(
    "--policy",
    type=click.Path(path_type=Path),
    help="The policy whose `providers` rows the authority is to cover. [default: the user's own, if any]",
)


def provider_hosts(policy: Path | None) -> Iterator[str]:
    """The hosts of all providers, the operator's included; nothing is loaded until the first is asked for."""
    from tollway.policy_file import read_policy
    from tollway.providers.load import load

    yield from load(read_policy(policy).provider_rows()).hosts()


def current(policy: Path | None) -> Authority:
    """The authority of the data folder, made at first use; a word on standard error if it ends soon."""
    now = clock.utc(clock.now())
    authority = store.load_or_make(folder(), provider_hosts(policy), now)
    if text := warning(authority, now):
        click.echo(f"tollway: {text}", err=True)
    return authority


def folder() -> Path:
    """Where the authority and the bundles are."""
    return paths.data_dir() / "ca"


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
    authority = store.load(folder(), clock.utc(clock.now()))
    if authority is None:
        raise TollwayError(
            f"there is no certificate authority in {folder()} yet: `tollway ca init` makes one, and so does "
            "the first `tollway run` or `tollway serve`"
        )
    _print(facts(authority, policy), style)


@command.command()
@policy_option
@click.option("--force", is_flag=True, help="Make a new one, and put the old one aside.")
@text_or_json
def init(policy: Path | None, force: bool, style: str) -> None:
    """Make the authority, for the providers' hosts of today."""
    now = clock.utc(clock.now())
    if force:
        authority, kept = store.renew(folder(), provider_hosts(policy), now)
        keystore.refresh(folder(), authority.root_pem())
        bundle.refresh(folder(), authority.root_pem())
    elif old := store.load(folder(), now):
        raise TollwayError(
            f"there is a certificate authority already, {old.id} in {folder()}: --force makes a new one, "
            "which clients must then trust in its place (`tollway ca trust`)"
        )
    else:
        authority, kept = current(policy), None
    _print({**facts(authority, policy), "kept": str(kept) if kept else None}, style)
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
    tag, certificate = current(None).id, store.root_path(folder())
    found = trust.debian(certificate, tag, root) if root else trust.TARGETS[target](certificate, tag)
    if applied:
        apply(found)
    elif style == "json":
        steps = {"trust": found.trust, "distrust": found.distrust}
        click.echo(json.dumps({"for": target, **steps, "note": found.note or None}, indent=2))
    else:
        click.echo(found.text())


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


def facts(authority: Authority, policy: Path | None) -> dict[str, Any]:
    """What there is to know of an authority, in the order in which it is shown."""
    return {
        "id": authority.id,
        "subject": authority.root.subject.rfc4514_string(),
        "sha256": authority.fingerprint(),
        "not_before": authority.root.not_valid_before_utc.isoformat(),
        "not_after": authority.ends().isoformat(),
        "certificate": str(store.root_path(folder())),
        "key": str(store.secret_path(folder())),
        "permitted": list(authority.permitted),
        "uncovered": list(authority.uncovered(provider_hosts(policy))),
    }


def _print(found: dict[str, Any], style: str) -> None:
    if style == "json":
        click.echo(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        if isinstance(value, str):
            click.echo(f"{name.replace('_', ' '):<12} {value}")
    click.echo(f"permitted    {len(found['permitted'])} names, and what lies under them:")
    for name in found["permitted"]:
        click.echo(f"  {name}")
    if found["uncovered"]:
        click.echo(f"uncovered    {', '.join(found['uncovered'])}: `tollway ca init --force` covers them")
