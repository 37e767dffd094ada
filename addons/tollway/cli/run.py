"""`tollway run -- COMMAND`: one program, metered."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from tollway import paths
from tollway.cli.book_options import ledger_option
from tollway.cli.child import Child
from tollway.cli.log import Held, show_log
from tollway.cli.node import past
from tollway.cli.options import connect_to_option, policy_option, set_option, tag_option
from tollway.engine.dialling import Address
from tollway.environment.upstream import named
from tollway.errors import TollwayError
from tollway.modes import Modes, by_way_of
from tollway.tally import Tally

if TYPE_CHECKING:
    from tollway.hooks.drain import Drain
    from tollway.proxy import Setup

PATIENCE = 1.5
"""Seconds after which it is said what is waited for."""
ASKS_WHO = (
    "if it made AI calls, they may have been refused: the policy asks who calls (identity), and this program "
    "has to show it, too"
)
INTERRUPTED = 128 + signal.SIGINT


def ways_out(proxy: str | None) -> Modes:
    """By way of the proxy that HTTPS_PROXY names, or of none."""
    if proxy is None:
        return Modes(("regular",), {})
    try:
        return by_way_of(proxy)
    except ValueError as error:
        raise TollwayError(f"HTTPS_PROXY: {error}") from None


def trusted(ways: Modes, environment: Mapping[str, str]) -> tuple[str, ...]:
    """What providers' certificates are checked by, behind a proxy that may make its own: what the user has
    programs trust."""
    roots = environment.get("SSL_CERT_FILE")
    return (f"ssl_verify_upstream_trusted_ca={roots}",) if roots and ways.specs != ("regular",) else ()


def duration(seconds: float) -> str:
    """How long it took, for people: 12 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def say(text: str) -> None:
    """A line on standard error; it may be gone (a terminal that was closed), which changes nothing."""
    with suppress(OSError):
        click.echo(f"tollway: {text}", err=True)


def choose_log() -> Held | None:
    """Where warnings go: onto standard error at once; after the program where that is its screen."""
    held = Held() if sys.stderr is not None and sys.stderr.isatty() else None
    show_log(
        held or logging.StreamHandler(),
        level=logging.WARNING,
        form="%(message)s" if held else "tollway: %(levelname)s %(message)s",
    )
    return held


@contextmanager
def waiting(drain: "Drain") -> Iterator[None]:
    """The program is gone; calls that it left may go on for a while. Ctrl-C ends them."""
    loop = asyncio.get_running_loop()

    def tell() -> None:
        if left := drain.in_flight():
            say(f"waiting for {left} call{'s' * (left != 1)} that the program left; Ctrl-C to wait no longer")

    timer = loop.call_later(PATIENCE, tell)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, drain.give_up)
    try:
        yield
    finally:
        timer.cancel()


async def metered(command: Sequence[str], setup: "Setup", tally: Tally, held: Held | None) -> int:
    """Start a proxy, run the command through it, wait for what it left in flight; the command's status."""
    from contextlib import ExitStack

    from tollway.environment.prepare import prepare
    from tollway.master import freeze
    from tollway.proxy import running

    loop, child = asyncio.get_running_loop(), Child()
    with ExitStack() as end:
        async with running(setup) as proxy:
            freeze()
            prepared = prepare(proxy.url, paths.data_dir() / "ca", proxy.signing.anchors(), os.environ)
            for warning in prepared.warnings:
                say(warning)
            started = loop.time()
            status = await child.run(command, {**os.environ, **prepared.variables})
            elapsed = loop.time() - started
            end.enter_context(waiting(proxy.steps.drain))
    tell(held)
    for why in (past(command[0]), ASKS_WHO if asks_who(setup) else None) if not tally.calls else ():
        if why is not None:
            say(why)
    say(f"{tally.line()}, {duration(elapsed)}")
    return ended(child, status)


def asks_who(setup: "Setup") -> bool:
    """Whether the policy lets nobody call whom no source of it knows."""
    return bool(setup.policy.identity) and setup.policy.anonymous == "refuse"


def tell(held: Held | None) -> None:
    """Say what was to be said while the program had the screen."""
    for line in held.lines() if held else ():
        say(line)


def ended(child: Child, status: int) -> int:
    """The status to end with, unless we end as the command did."""
    if child.interrupted and status == INTERRUPTED:
        die_interrupted()
    return status


def die_interrupted() -> None:
    """End as the command did: a shell's loop goes on after a status of 130, but not after SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.raise_signal(signal.SIGINT)


@click.command(context_settings={"allow_interspersed_args": False})
@policy_option
@ledger_option
@tag_option
@connect_to_option
@set_option
@click.option(
    "--token-command",
    metavar="COMMAND",
    help="Go through the Tollway that HTTPS_PROXY names, and show it the token that this command prints.",
)
@click.argument("words", nargs=-1, metavar="[-- COMMAND ...]")
def command(
    policy: Path | None,
    ledger: str | None,
    tags: tuple[tuple[str, str], ...],
    connect_to: tuple[tuple[Address, Address], ...],
    set_options: tuple[str, ...],
    token_command: str | None,
    words: tuple[str, ...],
) -> None:
    """Run COMMAND (your shell, if none is given) through a proxy of its own, and say what it cost.

    Nothing in the program is changed: it gets the proxy's variables, and its standard streams, signals and
    exit status stay its own. Calls go into the same ledger as everybody's. Where HTTPS_PROXY is set already,
    they go by way of that proxy, with its log-in, but for the hosts in NO_PROXY.

    With --token-command no proxy is started, and nothing is metered here: COMMAND goes through the company's
    Tollway (HTTPS_PROXY), which does that, by way of a port of its own on this machine that puts a token on
    each connection. The token is the first line that the option's command prints, which a shell runs (for
    example: gcloud auth print-identity-token); it is kept in memory, and renewed before it expires.
    """
    program = words or (os.environ.get("SHELL") or "/bin/sh",)
    if token_command is not None:
        from tollway.cli.forwarded import run_with_token

        own = {"--policy": policy, "--ledger": ledger, "--tag": tags, "--connect-to": connect_to}
        run_with_token(program, token_command, {**own, "--set": set_options})
    ways = ways_out(named(os.environ))
    held = choose_log()
    from tollway.environment.bypass import no_proxy
    from tollway.master import Listening
    from tollway.policy_file import read_policy
    from tollway.proxy import Setup

    tally = Tally()
    setup = Setup(
        policy=read_policy(policy),
        ledger_url=ledger or paths.ledger_url(),
        listening=Listening(
            port=0,
            modes=ways.specs,
            logins=ways.logins,
            past=no_proxy(os.environ),
            set_options=(*trusted(ways, os.environ), *set_options),
        ),
        connect_to=dict(connect_to),
        tags=dict(tags),
        observe=tally.add,
    )
    end_with(metered(program, setup, tally, held))


def end_with(running: Coroutine[Any, Any, int]) -> NoReturn:
    """Run this, and end with its status."""
    try:
        sys.exit(asyncio.run(running))
    except KeyboardInterrupt:  # before the command was there to take it
        sys.exit(INTERRUPTED)
