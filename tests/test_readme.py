"""What the README says can be done: its YAML loads, its commands are commands, its links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tollway.cli import COMMANDS, cli
from tollway.policy.load import load

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
YAML = [text for kind, text in BLOCKS if kind == "yaml"]
LINES = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]
INLINE = re.findall(r"`((?:scripts/)?tollway [a-z][^`]*)`", README)


def calls() -> list[str]:
    """Every call of Tollway that the README shows, without what a shell does with it."""
    found = []
    for line in [*LINES, *INLINE]:
        if match := re.search(r"(?:^|\$\(|\s)(?:scripts/)?tollway ([a-z][^)#`|]*)", line):
            found.append(match[1].strip().rstrip('"'))
    return found


@pytest.mark.parametrize("text", YAML)
def test_a_policy_in_the_readme_loads(text: str) -> None:
    assert load(text, "README.md").version == 1


@pytest.mark.parametrize("line", calls())
def test_a_command_in_the_readme_is_one_that_the_command_line_takes(line: str) -> None:
    """Parsed as the command line parses it; not run."""
    words = shlex.split(line.replace("FILE", str(ROOT / "policies" / "default.yaml")))
    context = click.Context(cli)

    name, command, rest = cli.resolve_command(context, words)

    while isinstance(command, click.Group) and rest:
        name, command, rest = command.resolve_command(context, rest)
    assert command is not None
    if "..." not in rest and "COMMAND" not in rest:
        command.make_context(name, list(rest), parent=context)


def test_the_readme_shows_commands_and_policies() -> None:
    """Else the two tests above would pass for want of examples."""
    assert len(calls()) >= 10
    assert YAML


def test_the_first_screen_has_a_picture_and_two_commands() -> None:
    screen = "\n".join(README.splitlines()[:20])

    assert "](docs/top.svg)" in screen
    assert "scripts/tollway run -- claude" in screen
    assert "scripts/tollway top" in screen


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_a_link_leads_to_a_file(target: str) -> None:
    assert (ROOT / target).exists()


def test_every_command_is_in_the_readme() -> None:
    missing = [name for name in COMMANDS if f"tollway {name}" not in README]

    assert not missing


def test_the_report_of_an_empty_ledger_says_how_to_fill_it(tmp_path: Path) -> None:
    """The README's second command, run at once."""
    ran = subprocess.run(
        [sys.executable, "-m", "tollway", "report"],
        env={"TOLLWAY_HOME": str(tmp_path), "PYTHONPATH": str(ROOT / "addons"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert "tollway run -- claude" in ran.stderr


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("Watch it", "tollway top"),
        ("Inspect it", "tollway inspect"),
        ("Your own page", "http://tollway.internal/"),
        ("Metrics and logs", "tollway serve --admin"),
        ("Metrics and logs", "--log-format json"),
        ("Texts, where asked", "tollway show CALL"),
        ("When something is wrong", "tollway doctor"),
        ("The bill", "tollway statement --team"),
    ],
)
def test_what_can_be_seen_is_shown_in_ten_lines(heading: str, wanted: str) -> None:
    """Each under a heading of its own, which a reader finds."""
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    shown = [
        line
        for block in re.findall(r"^```\w+\n(.*?)^```$", section, re.M | re.S)
        for line in block.splitlines()
    ]

    assert wanted in section
    assert 0 < len(shown) <= 10
