"""The option that several commands share."""

import click
from click.testing import CliRunner

from tollway.cli.text_or_json import text_or_json


@click.command()
@text_or_json
def command(style: str) -> None:
    """Say which it is."""
    click.echo(style)


def test_text_is_what_is_printed_unless_json_is_asked_for() -> None:
    words: list[list[str]] = [[], ["--format", "json"], ["--format=text"]]

    assert [CliRunner().invoke(command, each).output.strip() for each in words] == ["text", "json", "text"]
    assert CliRunner().invoke(command, ["--format=yaml"]).exit_code == 2
