"""`tollway demo`: a tour without key or network."""

import asyncio
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from tollway import paths
from tollway.cli.log import show_log
from tollway.demo import program
from tollway.demo.tour import TOUR, Stop
from tollway.errors import TollwayError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tollway.demo.simulator import Simulator
    from tollway.model import CallRecord
    from tollway.proxy import Proxy, Setup

PACE = 0.6
"""Seconds between what is said, in a terminal: time to read it."""
CALL_SECONDS = 20.0
"""The longest that one call may take."""
BY = ("tag.person", "provider", "model")
PROXIES = ("https_proxy", "http_proxy", "all_proxy", "no_proxy")


@click.command()
def command() -> None:
    """Take a tour: three people, three providers, and what their AI calls cost.

    It needs neither key nor network (the providers are the simulator of Tollway's tests, on this machine),
    touches nothing of yours, and takes half a minute at most.
    """
    show_log(logging.StreamHandler(), level=logging.WARNING, form="tollway: %(levelname)s %(message)s")
    folder = Path(tempfile.mkdtemp(prefix="tollway-demo-"))
    os.environ["TOLLWAY_HOME"] = str(folder)
    try:
        asyncio.run(tour(folder))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def tour(folder: Path) -> None:
    """Play it."""
    from rich.console import Console

    from tollway.demo.simulator import simulator
    from tollway.proxy import running

    guide = Guide(Console(soft_wrap=not sys.stdout.isatty(), highlight=False))
    await guide.say("[bold]A tour of Tollway[/bold]: no key, no network; the providers are a simulator.\n")
    calls: asyncio.Queue[CallRecord] = asyncio.Queue()
    (folder / "simulator").mkdir()
    async with simulator(folder / "simulator") as providers:
        async with running(setup(providers, calls)) as proxy:
            await guide.say(f"A proxy listens on {proxy.url}. The programs know nothing of it:")
            await guide.say("HTTPS_PROXY and the certificate to trust are in their environment.\n")
            environment = leading(proxy)
            for stop in TOUR:
                await guide.play(stop, environment, calls)
        guide.bill()
    await guide.say("[bold]Now yours:[/bold]  tollway run -- claude   (or codex, gemini, python app.py)")
    await guide.say("[bold]An office:[/bold]  tollway serve, HTTPS_PROXY for all, and tollway report")


class Guide:
    """Says what happens, no faster than it can be read."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._pace = PACE if console.is_terminal else 0.0

    async def say(self, text: "str | Text") -> None:
        """One line, and time to read it."""
        self._console.print(text)
        await asyncio.sleep(self._pace)

    async def play(
        self, stop: Stop, environment: Mapping[str, str], calls: "asyncio.Queue[CallRecord]"
    ) -> None:
        """A call of the tour, from its announcement to its cost."""
        from tollway.demo.lines import settled, told

        await self.say(told(stop))
        with self._console.status(f"[dim]{urlsplit(stop.url).hostname}[/dim]"):
            await make(stop, environment)
            try:
                call = await asyncio.wait_for(calls.get(), CALL_SECONDS)
            except TimeoutError:
                raise TollwayError(f"the call did not come to its end within {CALL_SECONDS:.0f} s") from None
        await self.say(settled(call))

    def bill(self) -> None:
        """What `tollway report` shows of it."""
        from tollway.cli.report import read, show, zone_of

        self._console.print(f"\n[dim]$[/dim] tollway report --by {','.join(BY)}\n")
        show(read(None, BY, None, None, zone_of(None)), "table")
        self._console.print()


def setup(providers: "Simulator", calls: "asyncio.Queue[CallRecord]") -> "Setup":
    """A proxy for which every host is the simulator."""
    from tollway.master import Listening
    from tollway.policy.schema import Policy
    from tollway.proxy import Setup

    trust = f"ssl_verify_upstream_trusted_ca={providers.root_ca}"
    return Setup(
        policy=Policy(version=1),
        ledger_url=paths.ledger_url(),
        listening=Listening(port=0, set_options=(trust,)),
        connect_to={("", 0): (providers.address, providers.port)},
        observe=calls.put_nowait,
    )


def leading(proxy: "Proxy") -> dict[str, str]:
    """The environment of the programs: what `tollway run` sets, and no other proxy."""
    from tollway.environment.prepare import prepare

    present = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
    return present | prepare(proxy.url, paths.data_dir() / "ca", proxy.authority, present).variables


async def make(stop: Stop, environment: Mapping[str, str]) -> None:
    """Run the program that makes this call."""
    headers = {"x-tollway-tags": f"person={stop.person}", "x-sim": json.dumps(stop.answer), **stop.headers}
    words = [stop.url, json.dumps(stop.body), *(f"{name}:{value}" for name, value in headers.items())]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", program.__file__, *words, *(["leave"] if stop.leave else []),
        env=dict(environment), stdin=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        if await process.wait() != 0:
            raise TollwayError("a program of the tour failed; its message is above")
    finally:
        if process.returncode is None:  # Ctrl-C
            process.kill()
