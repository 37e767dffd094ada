"""`tollway serve`: the proxy."""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tollway import paths
from tollway.cli.admin_options import admin_option, entrance, probes_option, token_option
from tollway.cli.announced import announce
from tollway.cli.book_options import ledger_option
from tollway.cli.child import has_terminal
from tollway.cli.observed import Observed, log_to_standard_error
from tollway.cli.options import (
    Parsed,
    connect_to_option,
    listens_option,
    policy_option,
    set_option,
)
from tollway.cli.told_budgets import ToldBudgets
from tollway.engine.client_bounds import bounds
from tollway.engine.client_bounds import parse as parse_bound
from tollway.engine.dialling import Address
from tollway.errors import PolicyError, TollwayError
from tollway.identity.networks import networks
from tollway.observe.door import Entrance
from tollway.observe.place import Place as AdminPlace
from tollway.secret_place import SecretPlace
from tollway.workers.cores import available
from tollway.workers.place import Place

if TYPE_CHECKING:
    from tollway.proxy import Setup

logger = logging.getLogger(__name__)

REGULAR = ("regular",)
MODES = "regular, transparent, upstream:URL or reverse:URL, as mitmproxy has them. May be repeated."
AUTO = "auto"
MOST_WORKERS = 128
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""The last of them only where there is no policy file to read again, or where a terminal has gone."""


async def serve(setup: "Setup", style: str, observed: Observed, budgets: Callable[[], bytes]) -> None:
    """Serve until a signal says stop; the first lets calls finish, a second ends them."""
    from tollway.master import freeze
    from tollway.observe.readying import Readying
    from tollway.proxy import running

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    heard = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heard:
        loop.add_signal_handler(number, stopped.set)
    readying = Readying()
    async with observed.showing(readying, budgets) as admin, running(setup) as proxy:
        readying.serves(proxy)
        if (reloading := proxy.reloading) is not None and signal.SIGHUP in heard:
            at_terminal = has_terminal()

            def hung_up() -> None:
                """A terminal that closes sends the same signal as who asks to read the policy again."""
                stopped.set() if at_terminal and not has_terminal() else reloading.ask()

            loop.add_signal_handler(signal.SIGHUP, hung_up)
        freeze()
        announce(proxy.addresses, style, admin)
        await stopped.wait()
        readying.stops()
        drain = proxy.steps.drain
        for number in heard:
            loop.add_signal_handler(number, drain.give_up)
        if left := drain.in_flight():
            calls = f"{left} call{'s' * (left != 1)}"
            logging.getLogger(__name__).info(
                "waiting for the end of %s; a second signal ends them now", calls
            )


def parse_workers(text: str) -> int:
    """A number of processes, or `auto`. Raises ValueError."""
    if text == AUTO:
        return available()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_WORKERS:
        raise ValueError(f"{text!r} is no number of processes from 1 to {MOST_WORKERS}, and not {AUTO}")
    return int(text)


def parse_network(text: str) -> str:
    """An address or a network, as `networks` writes it (CIDR). Raises ValueError."""
    try:
        return str(networks({text: None})[0][0])
    except ValueError:
        raise ValueError(f"{text!r} is no address and no network: write 10.0.0.10 or 10.0.0.0/24") from None


@click.command()
@policy_option
@ledger_option
@listens_option
@click.option("--mode", "modes", multiple=True, metavar="SPEC", help=f"{MODES} [default: regular]")
@click.option(
    "--tls", "certificate", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="For clients that reach the proxy by https://: its own certificate, chain and key (PEM). "
    "[default: of Tollway's CA, for tollway.internal]",
)  # fmt: skip
@click.option(
    "--ca-key",
    type=Parsed("PLACE", SecretPlace.of),
    help="Where the key of the certificate authority is, if not in the data folder: file:PATH, fd:NUMBER "
    "(inherited), credential:NAME (systemd's). During a rotation, the keys of both.",
)
@click.option(
    "--at-most",
    "at_most",
    type=Parsed("NAME=VALUE", parse_bound),
    multiple=True,
    help="A bound on what a client controls: connections, head, head-time, body, body-time, idle; the README "
    "has their defaults. May be repeated.",
)
@click.option(
    "--proxy-protocol",
    "balancers",
    type=Parsed("NETWORK", parse_network),
    multiple=True,
    help="Load balancers, by address or network: each connection from there has to begin with a header "
    "of the PROXY protocol (version 1 or 2), and is its client's. May be repeated.",
)
@connect_to_option
@set_option
@admin_option
@token_option
@probes_option
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of the log, on standard error. As JSON it has a line for each call, too.",
)
@click.option("--log-calls", is_flag=True, help="A line for each call in a log of text, too.")
@click.option(
    "--workers",
    type=Parsed("N|auto", parse_workers),
    default="1",
    show_default=True,
    help="Processes behind the one port; `auto`: as many as there are processors.",
)
@click.option("--worker", type=Parsed("PLACE", Place.of), hidden=True, help="Be one of several.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to say where it listens: `tollway listens on URL`, or as JSON: url, host, port, ca, pid, urls, "
    "and with --admin admin and, of a port, metrics.",
)  # fmt: skip
def command(
    policy: Path | None,
    ledger: str | None,
    listen: tuple[Address, ...],
    modes: tuple[str, ...],
    certificate: Path | None,
    ca_key: SecretPlace | None,
    at_most: tuple[tuple[str, int], ...],
    balancers: tuple[str, ...],
    connect_to: tuple[tuple[Address, Address], ...],
    set_options: tuple[str, ...],
    admin: AdminPlace | None,
    admin_token_file: Path | None,
    admin_open_probes: bool,
    log_format: str,
    log_calls: bool,
    workers: int,
    worker: Place | None,
    style: str,
) -> None:
    """Run the proxy until it is told to stop (Ctrl-C, SIGTERM: calls in flight finish first).

    The policy file is read again when it changes, and on SIGHUP; one with mistakes changes nothing.

    With --workers above 1, SIGUSR2 replaces the workers one by one: each new one listens before an old one
    stops, whose calls go on to their end. Limits hold over all of them, and over all proxies of the ledger.

    Clients need HTTPS_PROXY and the certificate authority: `tollway env --proxy URL` prints both, on other
    machines with --ca. Through the proxy, http://tollway.internal/ is everybody's own page, and says how to
    set a system up; administrators (`admins` in the policy) see everything at http://tollway.internal/all.
    """
    watched = entrance(admin, admin_token_file, admin_open_probes, os.environ) if worker is None else None
    if worker is None and workers > 1:
        supervised(workers, policy, ledger, listen, modes, ca_key, watched, log_format, style)
        return
    if worker is not None and worker.key >= 0:
        ca_key = SecretPlace("fd", str(worker.key))
    number, lock = (worker.number, worker.page) if worker else (None, None)
    log = log_to_standard_error(log_format, number, lock)
    try:
        observed = Observed(log, log_calls or log_format == "json", watched, counts=admin is not None)

        def setup() -> "Setup":
            made = setup_of(policy, ledger, listen, modes, certificate, connect_to, set_options, observed)
            within = networks(dict.fromkeys(balancers))
            listening = replace(made.listening, bounds=bounds(at_most), balancers=within)
            return replace(made, ca_key=ca_key, listening=listening)

        if worker is not None:
            be_worker(worker, setup, observed)
        else:
            budgets = ToldBudgets(ledger or paths.ledger_url(), policy or paths.policy_path())
            asyncio.run(serve(setup(), style, observed, budgets))
    finally:
        log.stop()


def supervised(
    workers: int,
    policy: Path | None,
    ledger: str | None,
    listen: tuple[Address, ...],
    modes: tuple[str, ...],
    ca_key: SecretPlace | None,
    admin: Entrance | None,
    log_format: str,
    style: str,
) -> None:
    """Supervise so many workers, each of which gets the words that we got.

    Where no policy is named, one that is found now is theirs: were it gone when a worker is started anew, its
    limits would not hold there.
    """
    from tollway.cli.supervised import Asked, supervise
    from tollway.modes import modes as ways_in
    from tollway.workers.launch import kept_key, shared_file

    file = policy or paths.policy_path()
    words = sys.argv[2:] if file is policy else ["--policy", str(file), *sys.argv[2:]]
    asked = Asked(
        workers=workers, words=words, listen=listen[0], modes=ways_in(modes or REGULAR, listen).specs,
        admin=admin, budgets=ToldBudgets(ledger or paths.ledger_url(), file), style=style,
        has_policy=file is not None,
    )  # fmt: skip
    with shared_file() as page, kept_key(ca_key) as key:
        log = log_to_standard_error(log_format, lock=page)
        try:
            asyncio.run(supervise(asked, page, key, lambda: log.dropped))
        finally:
            log.stop()


def be_worker(place: Place, setup: Callable[[], "Setup"], observed: Observed) -> None:
    """Be a worker to its end; what it can't start for is the supervisor's to say, once for all of them."""
    place.keep()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR2):  # these are the supervisor's
        signal.signal(number, lambda *_: None)
    with socket.socket(fileno=os.dup(place.line)) as line:
        try:
            made = setup()
            from tollway.workers.worker import work

            asyncio.run(work(made, place, observed.measuring, observed.log_dropped))
        except TollwayError as error:
            told = {"failed": str(error), "status": error.status, "is_policy": isinstance(error, PolicyError)}
            line.setblocking(True)
            line.sendall(json.dumps(told).encode() + b"\n")
            sys.exit(error.status)


def setup_of(
    policy: Path | None,
    ledger: str | None,
    listen: tuple[Address, ...],
    modes: tuple[str, ...],
    certificate: Path | None,
    connect_to: tuple[tuple[Address, Address], ...],
    set_options: tuple[str, ...],
    observed: Observed,
) -> "Setup":
    """The proxy that is asked for."""
    from tollway.policy.guarding import families
    from tollway.policy_file import read_policy

    said = read_policy(policy)
    if said.guardrails:
        from tollway.scanning import detectors

        detectors.begin(families(said.guardrails))  # beside the rest of the start, which takes longer

    from tollway.environment.bypass import no_proxy
    from tollway.master import Listening
    from tollway.modes import modes as ways_in
    from tollway.proxy import Setup

    ways = ways_in(modes or REGULAR, listen)
    return Setup(
        policy=said,
        ledger_url=ledger or paths.ledger_url(),
        listening=Listening(
            host=listen[0][0],
            port=listen[0][1],
            modes=ways.specs,
            set_options=set_options,
            own_certificate=certificate,
            logins=ways.logins,
            past=no_proxy(os.environ),
        ),
        connect_to=dict(connect_to),
        policy_file=policy or paths.policy_path(),
        **observed.ears,
    )
