"""`tollway key`: keys that Tollway gives out, and fingerprints of those that providers give out."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tollway import clock, paths, secret
from tollway.cli.book_options import ledger_option
from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError
from tollway.identity import virtual_key
from tollway.identity.claims import LONGEST as LONGEST_NAME
from tollway.identity.credential import fingerprint
from tollway.identity.virtual_key import VirtualKey
from tollway.ledger.open import open_keys

if TYPE_CHECKING:
    from tollway.ledger.store import Keys

NOBODY = "say whose key it is: --user, --team, --role, --service or --group"
NONE_YET = "No keys yet: `tollway key create --user NAME` makes one."
SHOWN_ONCE = "tollway: the key {}, which is shown this once; `tollway key revoke {}` takes it back"
LONGEST = 64 * 1024


@click.group()
def command() -> None:
    """Give out keys, list them, take them back; make fingerprints.

    Who calls uses a key of Tollway's in the place of a provider's, which the policy's `credentials` then put
    there. It is taken where `identity` has `virtual_keys: true`.
    """


@command.command(short_help="Make a key, and print it, once.")
@click.option("--user", help="Whose key it is.")
@click.option("--team", help="The team of whose key it is.")
@click.option("--role", help="The role of whose key it is.")
@click.option("--service", help="The service whose key it is, where it is no person's.")
@click.option("--group", "groups", multiple=True, help="May be repeated.")
@click.option(
    "--expires", metavar="WHEN", help="30d, 12h, a date (its first moment, UTC) or a time. [default: never]"
)
@ledger_option
@text_or_json
def create(expires: str | None, ledger: str | None, style: str, **who: Any) -> None:
    """Make a key, and print it: nobody can show it a second time, since only its hash is kept."""
    if not any(who.values()):
        raise click.UsageError(NOBODY)
    for name, value in who.items():
        _check(f"--{name.removesuffix('s')}", value if name == "groups" else (value,))
    now_us = clock.now_us()
    text = virtual_key.made(os.urandom(virtual_key.BYTES))
    key = VirtualKey(
        digest=virtual_key.digest(text), created_us=now_us, expires_us=_expiry(expires, now_us), **who
    )
    with _keys(ledger) as keys:
        keys.add(key)
    if style == "json":
        click.echo(json.dumps({"key": text, **as_json(key, now_us)}, indent=2))
        return
    click.echo(text)
    click.echo(SHOWN_ONCE.format(key.id, key.id), err=True)


@command.command("list", short_help="List all keys: whose they are, and whether they hold.")
@ledger_option
@text_or_json
def list_(ledger: str | None, style: str) -> None:
    """List all keys that were given out, by when they were made: whose they are, and whether they hold."""
    now_us = clock.now_us()
    with _keys(ledger) as keys:
        found = [as_json(key, now_us) for key in keys.all()]
    if style == "json":
        click.echo(json.dumps({"keys": found}, indent=2))
    elif found:
        click.echo("\n".join(as_text(key) for key in found))
    else:
        click.echo(NONE_YET, err=True)


@command.command(short_help="Take keys back, by their ids.")
@click.argument("ids", nargs=-1, required=True, metavar="ID ...")
@ledger_option
def revoke(ids: tuple[str, ...], ledger: str | None) -> None:
    """Take keys back, by their ids: from the next call on they are refused, wherever the ledger is used."""
    now_us = clock.now_us()
    with _keys(ledger) as keys:
        revoked = [id for id in dict.fromkeys(ids) if keys.revoke(id, now_us)]
    if revoked:
        click.echo(f"revoked {', '.join(revoked)}")
    if unknown := [id for id in ids if id not in revoked]:
        raise TollwayError(f"no key that holds is called {', '.join(unknown)}: `tollway key list` shows all")


@command.command("fingerprint", short_help="Print the fingerprint of a provider's key.")
@click.option(
    "--secret", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="The file that keys the fingerprints. [default: fingerprint.key in the data folder]",
)  # fmt: skip
def fingerprint_(file: Path | None) -> None:
    """Print the fingerprint of a provider's key, which is read from standard input.

    `identity: api_keys` knows callers by these. They tell nothing to whoever lacks fingerprint.key, a file
    in the data folder that is made at first use; proxies that share fingerprints share that file.
    """
    if sys.stdin.isatty():
        click.echo("tollway: paste the key, then Enter and Ctrl-D", err=True)
    text = sys.stdin.read(LONGEST).strip()
    if not text or not text.isprintable() or " " in text:
        raise TollwayError("standard input has no key: write it there, as one line")
    own = secret.load_or_make(paths.make_dir(paths.data_dir())) if file is None else secret.load(file)
    click.echo(fingerprint(own, text))


def as_json(key: VirtualKey, now_us: int) -> dict[str, Any]:
    """`{id, state, user, team, role, service, groups, created, expires, revoked}`; what is absent is null."""
    return {
        "id": key.id, "state": key.state(now_us), "user": key.user, "team": key.team, "role": key.role,
        "service": key.service, "groups": list(key.groups), "created": _time(key.created_us),
        "expires": _time(key.expires_us), "revoked": _time(key.revoked_us),
    }  # fmt: skip


def as_text(key: dict[str, Any]) -> str:
    """One line."""
    who = [f"{name} {key[name]}" for name in ("user", "team", "role", "service") if key[name]]
    who += [f"group {name}" for name in key["groups"]]
    until = f", expires {key['expires']}" if key["expires"] else ""
    return f"{key['id']}  {key['state']:8}{', '.join(who)}, created {key['created']}{until}"


def _check(option: str, names: Iterable[str | None]) -> None:
    """UsageError for what is nobody's name, as in policies and tokens."""
    if any(not (0 < len(name) <= LONGEST_NAME and name.isprintable()) for name in names if name is not None):
        raise click.BadParameter(
            f"a name has 1 to {LONGEST_NAME} characters that can be printed", param_hint=option
        )


def _time(us: int | None) -> str | None:
    return None if us is None else clock.utc(us / 1_000_000).strftime("%Y-%m-%dT%H:%M:%SZ")


def _expiry(text: str | None, now_us: int) -> int | None:
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    from tollway.reporting.span import ahead

    try:
        found = ahead(text, now_us, ZoneInfo("UTC"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--expires") from None
    if found <= now_us:
        raise click.BadParameter(f"{text} is over already", param_hint="--expires")
    return found


@contextmanager
def _keys(ledger: str | None) -> "Iterator[Keys]":
    keys = open_keys(ledger or paths.ledger_url())
    try:
        yield keys
    finally:
        keys.close()
