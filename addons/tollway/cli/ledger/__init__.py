"""`tollway ledger`: what was recorded, as a file to keep or to move; fewer rows; whether it is sound.

Each of its commands is imported when it runs.
"""

from importlib import import_module

import click

COMMANDS = {
    "export": "Write calls into a file, every column of them.",
    "import": "Read such a file into a ledger; twice is as once.",
    "prune": "Merge old calls into fewer rows; no total changes.",
    "verify": "Check what has to be true of a ledger.",
}
"""Name -> what it does, in one line."""
MODULES = {"export": "exporting", "import": "importing", "prune": "pruning", "verify": "verifying"}
"""Where each is: the module holds it as `command`."""


class Lazy(click.Group):
    """Lists its commands without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"{__name__}.{MODULES[cmd_name]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy)
def command() -> None:
    """Archive, move, cut or check what was recorded: the calls in a ledger.

    docs/ledger.md has every table and column, and the form of what is exported. With the --ledger
    redis://... of a fleet, its log is brought into this machine's file first (`tollway collect`), and that
    file is the ledger that is meant; `import` takes sqlite:PATH alone.
    """
