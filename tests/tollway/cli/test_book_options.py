"""Options of commands that read a ledger."""

from pathlib import Path

import click
from click.testing import CliRunner

from tollway.cli.book_options import ledger_option, zone_option


@click.command()
@ledger_option
@zone_option("times are")
def command(ledger: str | None, policy: Path | None) -> None:
    """What it was given."""
    click.echo(f"{ledger} {policy!r}")


def test_both_are_the_users_own_unless_they_are_named() -> None:
    assert CliRunner().invoke(command).output == "None None\n"
    named = ["--ledger", "sqlite:l.db", "--policy", "p.yaml"]
    assert CliRunner().invoke(command, named).output == f"sqlite:l.db {Path('p.yaml')!r}\n"


def test_help_says_what_the_policy_is_for() -> None:
    said = " ".join(CliRunner().invoke(command, ["--help"]).output.split())

    assert "The policy whose time zone times are in. [default: the user's own, else UTC]" in said
    assert "sqlite:PATH. [default: ledger.db in the data folder]" in said


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, ["--policy", str(tmp_path)]).exit_code == 2
