"""The command line: a table of commands, each a module that is imported when it runs."""

import errno
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from tollway import __version__
from tollway.errors import PolicyError, TollwayError

COMMANDS = {
    "run": "Run a command, and say what its AI calls cost.",
    "serve": "Run the proxy; metrics with --admin, JSON logs with --log-format.",
    "env": "Print the variables that lead programs through the proxy.",
    "top": "Watch calls, budgets and money, live.",
    "inspect": "Read any conversation, with its cost, in mitmproxy's console.",
    "report": "Show the bill: by model, provider, day ...",
    "statement": "Show what a team, a user or all spent in a month; as a page, too.",
    "discover": "Show who goes to AI services that are not read.",
    "collect": "Bring a fleet's calls from Redis into a file.",
    "alerts": "Send alerts as a test; show what was told lately.",
    "ledger": "Archive, move, cut or check what was recorded.",
    "budgets": "Show every budget: spent, held, left; let go what the dead hold.",
    "cache": "Show the answers that are kept and given again; delete them.",
    "show": "Show one call, and its texts where the policy keeps them.",
    "price": "Price recorded traffic: a HAR, or a file of mitmproxy's flows.",
    "prices": "Show what models cost; keep a price list of your own.",
    "bound": "Show what calls can be billed for at most, and why.",
    "key": "Give out keys of Tollway's, take them back; make fingerprints.",
    "whoami": "Ask the proxy who it takes you for.",
    "doctor": "Find out what is wrong with a set-up, and what mends it.",
    "ca": "Show, make, trust or export the certificate authority.",
    "check": "Validate policies.",
    "backtest": "Try a policy on recorded calls: refused, moved, saved.",
    "scan": "Look for keys, passwords and personal data in files.",
    "explain": "Say what a policy makes of a call: allowed, routed, limited.",
    "schema": "Print the policy language as JSON Schema.",
    "demo": "Take a tour of 30 seconds, without key or network.",
}
"""Name -> what it does, in one line. The module `tollway.cli.<name>` holds it as `command`."""


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What writing to a file fails with on a full disk, or beyond a quota: standard output may be one."""


class Lazy(click.Group):
    """Lists its commands without importing any; imports the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"unknown command {name!r}: {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A running proxy has a page: http://tollway.internal/, through it. "
    "Exit status: 0 done, 1 refused or failed, 2 wrong use. `tollway COMMAND --help` says more.",
)
@click.version_option(__version__, message="tollway %(version)s")
def cli() -> None:
    """An egress proxy for AI traffic: it meters every call to the cent, with no change to programs."""


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 refused or failed, 2 wrong use."""
    _print_any_text()
    try:
        cli.main(args, prog_name="tollway")
    except TollwayError as e:
        # A policy's mistakes begin with their file, so that editors find them.
        click.echo(e if isinstance(e, PolicyError) else f"tollway: {e}", err=True)
        sys.exit(e.status)
    except OSError as e:
        if e.filename is not None or e.errno not in NO_ROOM:
            raise
        click.echo(f"tollway: what there is to print can't be written: {e.strerror}", err=True)
        with suppress(OSError):  # what waits to be written would be tried again at the end
            sys.stdout.close()
        sys.exit(1)
    raise AssertionError("click exits")


def _print_any_text() -> None:
    """Have question marks where standard output has no characters for what callers have chosen."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.encoding != "utf-8":
        sys.stdout.reconfigure(errors="replace")
