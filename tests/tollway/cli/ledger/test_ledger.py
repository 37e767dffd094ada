"""`tollway ledger`: a group whose commands are imported when they run."""

import subprocess
import sys

import click

from tollway.cli.ledger import COMMANDS, MODULES, command


def test_its_help_lists_all_and_imports_none() -> None:
    code = """
import sys
from tollway.cli import main
try:
    main(["ledger", "--help"])
except SystemExit:
    print([name for name in sys.modules if name.startswith("tollway.cli.ledger.")])
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert all(f"  {name} " in out for name in COMMANDS)
    assert out.splitlines()[-1] == "[]"


def test_each_command_is_where_the_table_says() -> None:
    context = click.Context(command)

    assert MODULES.keys() == COMMANDS.keys()
    assert command.list_commands(context) == list(COMMANDS)
    assert all(command.get_command(context, name) is not None for name in COMMANDS)
    assert command.get_command(context, "x") is None
