"""`tollway scan`: what guardrails would find in files, for hooks and CI."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tollway.cli.text_or_json import text_or_json
from tollway.errors import TollwayError
from tollway.guardrails.found import Family, Tier
from tollway.reporting.figures import printable
from tollway.reporting.visible import indented
from tollway.wire.looked_into import as_utf8

if TYPE_CHECKING:
    from tollway.guardrails.spot import Spot
    from tollway.scanning.looking import Looking

FAMILIES = [Family.SECRETS.value, Family.PERSONAL.value]


def list_kinds(context: click.Context, option: click.Parameter, asked: bool) -> None:
    """Say what there is to be found, and end."""
    if asked:
        from tollway.guardrails.kinds import listed

        for line in listed():
            click.echo(line)
        context.exit()


@click.command()
@click.argument(
    "files", metavar="FILE ...", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)  # fmt: skip
@click.option("--find", "families", multiple=True, type=click.Choice(FAMILIES), help="[default: both]")
@click.option(
    "--policy", type=click.Path(path_type=Path, dir_okay=False),
    help="Find what the guardrails of this policy are about, whoever calls, in its place.",
)  # fmt: skip
@click.option("--certain", is_flag=True, help="Only what has a vendor's shape, or a checksum that is right.")
@text_or_json
@click.option(
    "--kinds", is_flag=True, is_eager=True, expose_value=False, callback=list_kinds,
    help="List the kinds that can be found, and exit.",
)  # fmt: skip
def command(
    files: Sequence[str], families: Sequence[str], policy: Path | None, certain: bool, style: str
) -> None:
    """Look for keys, passwords and personal data in files; - is standard input.

    Each finding is a line `file:line:column: kind`, never what was found. In JSON, such as the body of a
    request, texts are read as a model would read them, and the path to each is said. Exit status 0: nothing
    was found, 1: something was.
    """
    looking = looks_for(families, policy)
    found = [
        (file, body, spot)
        for file in files
        for body in [content(file)]
        for spot in looking.spots(body)
        if spot.tier is Tier.CERTAIN or not certain
    ]
    if style == "json":
        click.echo(indented({"findings": [_plain(*one) for one in found]}))
    else:
        for line in lines(found):
            click.echo(line)
    sys.exit(1 if found else 0)


def looks_for(families: Sequence[str], policy: Path | None) -> "Looking":
    """What finds what is asked for."""
    from tollway import paths, secret
    from tollway.policy_file import read_policy
    from tollway.scanning.looking import NO_KEY, by_policy, for_families
    from tollway.screening import guard_key

    if policy is None:
        return for_families([Family(name) for name in families or FAMILIES])
    if families:
        raise click.UsageError("--policy says what to find: leave --find out")
    entries = read_policy(policy).guardrails
    if not entries:
        raise TollwayError(f"{policy}: it has no guardrails, so there is nothing to find")
    key = secret.path_in(paths.data_dir())
    return by_policy(entries, guard_key(secret.load(key)) if key.exists() else NO_KEY)


def content(file: str) -> bytes:
    """The text that is in a file, in UTF-8; nothing, if it is none."""
    with click.open_file(file, "rb") as opened:
        return as_utf8(opened.read()) or b""


def lines(found: "Sequence[tuple[str, bytes, Spot]]") -> Iterator[str]:
    """A line for each finding."""
    for file, body, spot in found:
        one = _plain(file, body, spot)
        at = f" at {printable(one['path'])}" if one["path"] else ""
        doubt = "" if spot.tier is Tier.CERTAIN else " (looks like one)"
        yield f"{file}:{one['line']}:{one['column']}: {spot.kind}{at}{doubt}"


def _plain(file: str, body: bytes, spot: "Spot") -> dict[str, Any]:
    from tollway.guardrails.spot import line_and_column, pointer

    line, column = line_and_column(body, spot.start)
    return {
        "file": file,
        "line": line,
        "column": column,
        "path": pointer(spot.path),
        "kind": spot.kind,
        "family": spot.family.value,
        "tier": spot.tier.value,
    }
