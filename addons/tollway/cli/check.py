"""`tollway check`."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from tollway import clock, key_files
from tollway.errors import Mistake, PolicyError
from tollway.policy.load import warnings
from tollway.policy_file import read_policy, text_of

Found = tuple[tuple[Mistake, ...], tuple[Mistake, ...]]
"""A file's mistakes; the warnings, if there are no mistakes."""


@click.command()
@click.argument("policies", metavar="POLICY ...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How mistakes are printed.",
)  # fmt: skip
def command(policies: Sequence[Path], style: str) -> None:
    """Validate policies.

    Each mistake is a line `file:line:column: path: message` on standard output. What is sound but can't be
    meant is a line `warning: file:line:column: path: message`. Exit status 0: all are sound, warnings or
    not; 1: there are mistakes.
    """
    found = {str(path): examine(path) for path in policies}
    click.echo(as_json(found) if style == "json" else as_text(found))
    sys.exit(1 if any(mistakes for mistakes, _ in found.values()) else 0)


def examine(path: Path) -> Found:
    """What is wrong with a policy file and those that it names, and what is doubtful."""
    try:
        policy = read_policy(path)
        key_files.read(policy)
        today = clock.utc(clock.now()).astimezone(policy.zone).date()
        return (), warnings(text_of(path), str(path), today)
    except PolicyError as e:
        return e.mistakes, ()


def as_text(found: Mapping[str, Found]) -> str:
    """A line for each mistake, or that there is none; and one for each warning."""
    lines = [str(mistake) for mistakes, _ in found.values() for mistake in mistakes]
    doubts = [f"warning: {doubt}" for _, doubtful in found.values() for doubt in doubtful]
    sound = [] if lines else [f"{len(found)} sound" if len(found) > 1 else "sound"]
    return "\n".join([*lines, *doubts, *sound])


def as_json(found: Mapping[str, Found]) -> str:
    """`{"policies": [{"file", "sound", "mistakes": [{"line", "column", "path", "message"}], "warnings"}]}`:
    `warnings` as `mistakes`."""
    policies = [
        {"file": file, "sound": not mistakes, "mistakes": _plain(mistakes), "warnings": _plain(doubtful)}
        for file, (mistakes, doubtful) in found.items()
    ]
    return json.dumps({"policies": policies}, indent=2)


def _plain(mistakes: Sequence[Mistake]) -> list[dict[str, object]]:
    return [{key: getattr(each, key) for key in ("line", "column", "path", "message")} for each in mistakes]
