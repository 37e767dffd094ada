"""`tollway check`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tollway.errors import Mistake, PolicyError
from tollway.policy_file import read_policy


@click.command()
@click.argument("policies", metavar="POLICY ...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How mistakes are printed.",
)  # fmt: skip
def command(policies: Sequence[Path], style: str) -> None:
    """Validate policies.

    Each mistake is a line `file:line:column: path: message` on standard output. Exit status 0: all
    are sound; 1: there are mistakes.
    """
    found = {str(path): mistakes(path) for path in policies}
    click.echo(as_json(found) if style == "json" else as_text(found))
    sys.exit(1 if any(found.values()) else 0)


def mistakes(path: Path) -> tuple[Mistake, ...]:
    """What is wrong with a policy file."""
    try:
        read_policy(path)
    except PolicyError as e:
        return e.mistakes
    return ()


def as_text(found: dict[str, tuple[Mistake, ...]]) -> str:
    """A line for each mistake, or that there is none."""
    lines = [str(mistake) for each in found.values() for mistake in each]
    return "\n".join(lines or [f"{len(found)} sound" if len(found) > 1 else "sound"])


def as_json(found: dict[str, tuple[Mistake, ...]]) -> str:
    """`{"policies": [{"file", "sound", "mistakes": [{"line", "column", "path", "message"}]}]}`."""
    keys = ("line", "column", "path", "message")
    policies = [
        {"file": file, "sound": not each, "mistakes": [{key: getattr(m, key) for key in keys} for m in each]}
        for file, each in found.items()
    ]
    return json.dumps({"policies": policies}, indent=2)
