"""`tollway inspect`: the proxy, with mitmproxy's console or web interface to look into it."""

import asyncio
import logging
import signal
import sys
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tollway import paths
from tollway.cli.book_options import ledger_option
from tollway.cli.options import (
    connect_to_option,
    listen_option,
    policy_option,
    set_option,
)
from tollway.engine.dialling import Address
from tollway.errors import TollwayError

if TYPE_CHECKING:
    from tollway.proxy import Setup

DRAIN_SECONDS = 5.0
"""What calls in flight get to finish once it is quit."""
QUIET = ("hpack", "h2", "asyncio", "tornado", "urwid")
"""Loggers of others: of these only what is wrong is said."""
COLUMNS = ["icon", "path", "comment", "status", "size", "time"]
"""Of the web interface: the comment has model, tokens and cost."""


async def inspect(setup: "Setup", web: bool, settings: dict[str, Any]) -> None:
    """Run it until its user quits, or a signal says stop."""
    from mitmproxy.tools.console.master import ConsoleMaster
    from mitmproxy.tools.web.master import WebMaster

    from tollway.inspecting.beside import beside
    from tollway.inspecting.inspector import Inspector
    from tollway.master import freeze
    from tollway.providers.load import load
    from tollway.proxy import running

    found, made = beside(), list[Inspector]()

    def engine(*parts: Any, **more: Any) -> Inspector:
        made.append(Inspector(WebMaster if web else ConsoleMaster, settings, found.addons, *parts, **more))
        return made[0]

    found.register_view(load(setup.policy.provider_rows()))
    async with running(replace(setup, engine=engine, observe=found.showing.observe)):
        freeze()
        master, loop = made[0].master, asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, getattr(master, "prompt_for_exit", master.shutdown))
        loop.add_signal_handler(signal.SIGTERM, master.shutdown)
        await master.should_exit.wait()


def hear() -> None:
    """Lead the log into mitmproxy's event log, which shows what is at this level or above."""
    logging.getLogger().setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


@click.command()
@policy_option
@ledger_option
@listen_option
@click.option("--mode", "modes", multiple=True, metavar="SPEC", help="As `tollway serve` has it.")
@connect_to_option
@set_option
@click.option("--web", is_flag=True, help="In the browser (mitmweb), not in the terminal.")
@click.option(
    "--web-port", type=click.IntRange(1, 65535), default=8081, show_default=True,
    help="Where the web interface listens, on the loopback only.",
)  # fmt: skip
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open a browser for --web.")
@click.option(
    "--read", "read", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Show the flows of a file of mitmproxy's, too; they are no calls.",
)  # fmt: skip
def command(
    policy: Path | None,
    ledger: str | None,
    listen: Address,
    modes: tuple[str, ...],
    connect_to: tuple[tuple[Address, Address], ...],
    set_options: tuple[str, ...],
    web: bool,
    web_port: int,
    browser: bool,
    read: Path | None,
) -> None:
    """Run the proxy inside mitmproxy's console, and read any conversation with its cost.

    It is what `tollway serve` runs: the same policy, ledger, limits and certificate authority. Each call has
    a comment (who, model, tokens, cost, verdict), and a marker if it was refused, rerouted or estimated; its
    request and its answer are shown as a conversation, also while a stream still comes. `f` in the console,
    and the search of the web interface, filter by them:

    \b
    ~comment opus        calls of that model; also a user, a team, refused, over_limit ...
    ~marked              what was refused, rerouted or estimated
    ~marker no_entry     what was refused; also twisted_rightwards_arrows, grey_question

    It shows what programs send, prompts and keys included, and keeps it in memory: of a streamed answer 8 MB
    at most, of all of them 512 MB (then later ones are not kept, until flows are deleted). A call that is
    replayed (`r`) is a call, and costs. Scripts (`-s`) do not run here: `mitmproxy -s addons/entry.py -s
    YOURS` runs them beside the chain, and addons/entry.py says what is missing there.
    """
    if not web and not sys.stdout.isatty():
        raise TollwayError("the console needs a terminal; `tollway inspect --web` does without one")
    from tollway.master import Listening
    from tollway.policy_file import read_policy
    from tollway.proxy import Setup

    setup = Setup(
        policy=read_policy(policy),
        ledger_url=ledger or paths.ledger_url(),
        listening=Listening(
            host=listen[0], port=listen[1], modes=modes or ("regular",), set_options=set_options
        ),
        connect_to=dict(connect_to),
        policy_file=policy or paths.policy_path(),
        drain_seconds=DRAIN_SECONDS,
    )
    settings: dict[str, Any] = {"rfile": str(read)} if read else {}
    if web:
        settings |= {"web_port": web_port, "web_open_browser": browser, "web_columns": COLUMNS}
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # where to look is said there, to a pipe, too
    hear()
    asyncio.run(inspect(setup, web, settings))
