"""What `tollway ca` tells of an authority, and where it is."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tollway import paths
from tollway.ca import bundle, keystore, store
from tollway.ca.anchor import Anchor
from tollway.ca.authority import Authority
from tollway.ca.succession import Next, Succession
from tollway.environment.prepare import Trusted

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


def folder() -> Path:
    """Where the authority and the bundles are."""
    return paths.data_dir() / "ca"


def refresh(trusted: Trusted) -> None:
    """Bring the files that shells and programs name up to date. Raises StoreError."""
    keystore.refresh(folder(), trusted.root_pem())
    bundle.refresh(folder(), trusted.root_pem())


def facts(
    found: Succession, policy: Path | None, now: datetime, key_to: Path | None = None
) -> dict[str, Any]:
    """What there is to know of an authority, in the order in which it is shown. `key_to`: where its key was
    handed over just now."""
    standing = found.standing(now)
    return {
        **root_facts(standing),
        "certificate": str(store.root_path(folder())),
        "key": _key_file(found, standing) if key_to is None else None,
        "next": None if found.next is None else next_facts(found.next),
        "trusted": list(found.trusted(now).ids),
        "permitted": list(standing.permitted),
        "uncovered": list(standing.uncovered(provider_hosts(policy))),
    }


def root_facts(anchor: Anchor) -> dict[str, Any]:
    """Of a root alone."""
    return {
        "id": anchor.id,
        "subject": anchor.root.subject.rfc4514_string(),
        "sha256": anchor.fingerprint(),
        "not_before": anchor.root.not_valid_before_utc.isoformat(),
        "not_after": anchor.ends().isoformat(),
    }


def next_facts(next_: Next) -> dict[str, Any]:
    """Of the authority that takes over, or has taken over."""
    return {**root_facts(next_.anchor), "signs_from": next_.since.isoformat()}


def _key_file(found: Succession, standing: Anchor) -> str | None:
    """None: the key is elsewhere."""
    if not isinstance(standing, Authority):
        return None
    path = store.secret_path if standing is found.first else store.next_path
    return str(path(folder()))


def show_facts(found: dict[str, Any], style: str, err: bool = False) -> None:
    """Print them, on standard error where standard output has the key."""
    click.echo(json.dumps(found, indent=2) if style == "json" else "\n".join(_lines(found)), err=err)


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for name, value in found.items():
        if isinstance(value, str):
            yield f"{name.replace('_', ' '):<12} {value}"
    if found["key"] is None:
        yield "key          not here: `tollway serve --ca-key` says where it is"
    if found["next"] is not None:
        yield f"next         {found['next']['id']}, signs from {found['next']['signs_from']} on"
    yield f"trusted      {', '.join(found['trusted'])}"
    yield f"permitted    {len(found['permitted'])} names, and what lies under them:"
    yield from (f"  {name}" for name in found["permitted"])
    if found["uncovered"]:
        yield f"uncovered    {', '.join(found['uncovered'])}: `tollway ca init --force` covers them"
