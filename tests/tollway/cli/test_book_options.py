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
    ledger = "sqlite:PATH, or redis://HOST:PORT/DB of a fleet. [default: ledger.db in the data folder]"
    assert f"{ledger} [env var: TOLLWAY_LEDGER]" in said


def test_a_folder_is_no_policy(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, ["--policy", str(tmp_path)]).exit_code == 2


def test_a_url_with_a_password_is_handed_in(tmp_path: Path) -> None:
    """On a command line every process of the machine would see it."""
    (tmp_path / "ledger").write_text("redis://:s3cret@redis.internal:6379/0\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "TOLLWAY_LEDGER": "credential:ledger"}

    for words, variables in ((["--ledger", f"file:{tmp_path}/ledger"], {}), ([], environment)):
        said = CliRunner().invoke(command, words, env=variables).output
        assert said == "redis://:s3cret@redis.internal:6379/0 None\n"


def test_a_place_without_a_url_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff")

    for place, why in (("binary", "holds no URL"), ("none", "No such file")):
        done = CliRunner().invoke(command, ["--ledger", f"file:{tmp_path / place}"])
        assert (done.exit_code, why in done.output) == (2, True)
