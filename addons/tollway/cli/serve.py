"""`tollway serve`: the proxy."""

import asyncio
import json
import logging
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tollway import paths
from tollway.ca import store
from tollway.cli.book_options import ledger_option
from tollway.cli.observed import Observed, log_to_standard_error, parse_admin
from tollway.cli.options import (
    Parsed,
    connect_to_option,
    listen_option,
    policy_option,
    set_option,
)
from tollway.engine.dialling import Address

if TYPE_CHECKING:
    from tollway.proxy import Proxy, Setup

logger = logging.getLogger(__name__)

MODES = "regular, transparent, upstream:URL or reverse:URL, as mitmproxy has them. May be repeated."
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""The last of them only where there is no policy file to read again, or where a terminal has gone."""


async def serve(setup: "Setup", style: str, observed: Observed) -> None:
    """Serve until a signal says stop; the first lets calls finish, a second ends them."""
    from tollway.master import freeze
    from tollway.proxy import running

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    heard = [number for number in STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    for number in heard:
        loop.add_signal_handler(number, stopped.set)
    async with running(setup) as proxy, observed.showing(proxy) as metrics:
        if (reloading := proxy.reloading) is not None and signal.SIGHUP in heard:
            at_terminal = has_terminal()

            def hung_up() -> None:
                """A terminal that closes sends the same signal as who asks to read the policy again."""
                stopped.set() if at_terminal and not has_terminal() else reloading.ask()

            loop.add_signal_handler(signal.SIGHUP, hung_up)
        freeze()
        with suppress(OSError):  # whoever reads it may be gone
            click.echo(announcement(proxy, style, metrics))
        await stopped.wait()
        drain = proxy.steps.drain
        for number in heard:
            loop.add_signal_handler(number, drain.give_up)
        if left := drain.in_flight():
            calls = f"{left} call{'s' * (left != 1)}"
            logging.getLogger(__name__).info(
                "waiting for the end of %s; a second signal ends them now", calls
            )


def has_terminal() -> bool:
    """Whether this process belongs to a terminal that is still there."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def announcement(proxy: "Proxy", style: str, metrics: str | None = None) -> str:
    """One line that says where it listens, for people or (`json`) for programs: `urls` has every mode's.
    `metrics`: where those are; None: nowhere."""
    if style == "json":
        ca = str(store.root_path(paths.data_dir() / "ca"))
        facts = {"url": proxy.url, "host": proxy.host, "port": proxy.port, "ca": ca, "pid": os.getpid()}
        return json.dumps(facts | {"urls": proxy.urls} | ({"metrics": metrics} if metrics else {}))
    return f"tollway listens on {', '.join(proxy.urls)}{f'; metrics: {metrics}' if metrics else ''}"


@click.command()
@policy_option
@ledger_option
@listen_option
@click.option("--mode", "modes", multiple=True, metavar="SPEC", help=f"{MODES} [default: regular]")
@connect_to_option
@set_option
@click.option(
    "--admin",
    type=Parsed("HOST:PORT", parse_admin),
    help="Answer /metrics (Prometheus) there, to this machine alone; port 0 takes a free one. [default: off]",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of the log, on standard error. As JSON it has a line for each call, too.",
)
@click.option("--log-calls", is_flag=True, help="A line for each call in a log of text, too.")
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How to say where it listens: `tollway listens on URL`, or as JSON: url, host, port, ca, pid, urls, "
    "and with --admin metrics.",
)  # fmt: skip
def command(
    policy: Path | None,
    ledger: str | None,
    listen: Address,
    modes: tuple[str, ...],
    connect_to: tuple[tuple[Address, Address], ...],
    set_options: tuple[str, ...],
    admin: Address | None,
    log_format: str,
    log_calls: bool,
    workers: int,
    style: str,
) -> None:
    """Run the proxy until it is told to stop (Ctrl-C, SIGTERM: calls in flight finish first).

    The policy file is read again when it changes, and on SIGHUP; one with mistakes changes nothing.

    Clients need HTTPS_PROXY and the certificate authority: `tollway env --proxy URL` prints both, on other
    machines with --ca. Through the proxy, http://tollway.internal/ is everybody's own page, and says how to
    set a system up; administrators (`admins` in the policy) see everything at http://tollway.internal/all.
    """
    if workers > 1:
        raise click.UsageError("--workers above 1 comes with a later release; run one process until then")
    log = log_to_standard_error(log_format)
    try:
        observed = Observed(log, log_calls or log_format == "json", admin)
        setup = setup_of(policy, ledger, listen, modes, connect_to, set_options, observed)
        asyncio.run(serve(setup, style, observed))
    finally:
        log.stop()


def setup_of(
    policy: Path | None,
    ledger: str | None,
    listen: Address,
    modes: tuple[str, ...],
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

    from tollway.master import Listening
    from tollway.proxy import Setup

    return Setup(
        policy=said,
        ledger_url=ledger or paths.ledger_url(),
        listening=Listening(
            host=listen[0], port=listen[1], modes=modes or ("regular",), set_options=set_options
        ),
        connect_to=dict(connect_to),
        policy_file=policy or paths.policy_path(),
        **observed.ears,
    )
