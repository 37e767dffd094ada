"""`tollway serve --workers N`: the process that supervises the others."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import click

from tollway.cli.announced import announce
from tollway.cli.child import has_terminal
from tollway.engine.dialling import Address
from tollway.observe.door import Entrance
from tollway.observe.listening import On, listening
from tollway.observe.pages import Told
from tollway.observe.place import Place as AdminPlace
from tollway.observe.pulse import Pulse
from tollway.observe.scraping import Scraping
from tollway.workers.binding import addresses, bound, close
from tollway.workers.launch import Launch
from tollway.workers.place import Place
from tollway.workers.process import NotStarted, python
from tollway.workers.readied import Readied
from tollway.workers.scraped import Scraped
from tollway.workers.supervisor import Supervisor

STOPPING = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line asks for."""

    workers: int
    words: Sequence[str]
    """Of `serve`, as each worker is to have them."""
    listen: Address
    """Of the modes that name no address."""
    modes: Sequence[str]
    """Each at each address, without logins: as a worker makes them, and in their order."""
    admin: Entrance | None
    budgets: Callable[[], bytes]
    """As JSON; raises TollwayError."""
    style: str
    """Of the line that says where it listens."""
    has_policy: bool
    """There is a file that SIGHUP has read again."""


async def supervise(asked: Asked, page: int, key: int, log_dropped: Callable[[], int]) -> None:
    """Serve until a signal says stop; the first lets calls finish, a second ends them. Raises TollwayError.

    `page`: the file that all workers share; `key`: that with the authority's keys, or -1.
    """
    sockets = bound(asked.modes, *asked.listen)
    try:
        launch = Launch(lambda place: words(place, asked), sockets, page, key)
        supervisor = Supervisor(asked.workers, launch, time.monotonic)
        stopped = asyncio.Event()
        listen_to_signals(supervisor, asked.has_policy, stopped.set)
        async with showing(supervisor, asked, log_dropped) as admin:
            try:
                await supervisor.begin()
            except NotStarted as error:
                if stopped.is_set():
                    return
                if error.is_policy:  # its mistakes begin with their file, so that editors find them
                    click.echo(str(error), err=True)
                    sys.exit(error.status)
                raise
            announce(addresses(sockets), asked.style, admin)
            await stopped.wait()
            close(sockets)
            await supervisor.ended()
    finally:
        close(sockets)


def words(place: Place, asked: Asked) -> list[str]:
    """The command line of a worker."""
    return [*python(), "serve", "--worker", place.word(), *asked.words]


def listen_to_signals(supervisor: Supervisor, has_policy: bool, stopped: Callable[[], None]) -> None:
    """As a single process does, and SIGUSR2 replaces the workers. `stopped` hears that one says stop."""
    loop, at_terminal, told = asyncio.get_running_loop(), has_terminal(), False

    def stop() -> None:
        nonlocal told
        supervisor.give_up() if told else supervisor.stop()
        told = True
        stopped()

    def hung_up() -> None:
        """A terminal that closes sends the same signal as who asks to read the policy again."""
        stop() if not has_policy or (at_terminal and not has_terminal()) else supervisor.reload()

    handlers = {**dict.fromkeys(STOPPING, stop), signal.SIGHUP: hung_up, signal.SIGUSR2: supervisor.roll}
    for number, handler in handlers.items():
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, handler)


@asynccontextmanager
async def showing(
    supervisor: Supervisor, asked: Asked, log_dropped: Callable[[], int]
) -> AsyncIterator[AdminPlace | None]:
    """Answer who asks how all are; where, or None. Raises TollwayError where that can't be."""
    if asked.admin is None:
        yield None
        return
    scraped, readied = Scraped(supervisor, log_dropped), Readied(supervisor, asked.workers)
    on_loop, pulse = On(asyncio.get_running_loop()), Pulse(time.monotonic)
    told = Told(
        metrics=Scraping(lambda: on_loop(scraped.ask()), scraped.made).text,
        checks=lambda: on_loop(readied.checks()),
        is_stopping=lambda: supervisor.is_stopping,
        stands_still=pulse.stands_still,
        budgets=asked.budgets,
    )
    async with listening(asked.admin, told, pulse) as place:
        yield place
