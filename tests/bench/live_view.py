"""What `tollway top` takes of a core in a wide terminal, beside a busy ledger with a month of history."""

import asyncio
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from msgspec.structs import replace

from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.governed import ended, governed, read
from tests.bench.processes import CORE, ROOT
from tests.bench.table import Bar, Results
from tollway import clock
from tollway.accounting import Accounting
from tollway.ledger.connect import connect
from tollway.ledger.row import COLUMNS, UPSERT, row_of
from tollway.model import CallRecord, Identity
from tollway.prices.book import PriceBook

SECOND_US, DAY_US = 1_000_000, 86_400_000_000
DAYS, USERS = 30, 40
A_SECOND = 200
"""Calls."""
MOST = 5.0
"""Percent of a core."""
SIZE = 60, 200
"""Lines and columns."""


def live_view(results: Results, extent: Extent, folder: Path) -> None:
    """Once it has added up what was there before."""
    place = folder / "live-view"
    place.mkdir()
    print(f"top: {extent.history} calls of {DAYS} days, then {A_SECOND} a second", flush=True)
    history(place / "ledger.db", extent.history)
    with viewer(place) as pid:
        shares = asyncio.run(watched(place, pid, extent))
    bar = Bar(
        what=f"`tollway top`, {A_SECOND} calls/s, {SIZE[1]}x{SIZE[0]}, of a core", limit=MOST, unit=" %"
    )
    results.bar(bar, whole(shares))


def history(ledger: Path, calls: int) -> None:
    """A month of calls: those of one day, again and again."""
    now_us = clock.now_us()
    row = Accounting(PriceBook(), clock.now).opened(read("0", now_us, Identity(user="user-0", team="ours")))
    with closing(connect(ledger, "process")) as db:
        db.execute("BEGIN")
        day = calls // DAYS
        for number in range(day):
            at_us = now_us - DAY_US + DAY_US * number // day
            db.execute(UPSERT, row_of(_call(row, number, at_us), "gone"))
        names = ", ".join(COLUMNS)
        earlier = ", ".join(_EARLIER.get(name, name) for name in COLUMNS)
        for days in range(1, DAYS):
            shift = {"days": days, "us": days * DAY_US, "since": now_us - DAY_US}
            db.execute(
                f"INSERT INTO calls ({names}) SELECT {earlier} FROM calls WHERE started_us >= :since", shift
            )
        db.execute("COMMIT")


_EARLIER = {"id": "id || '-' || :days", "started_us": "started_us - :us", "ended_us": "ended_us - :us"}


def _call(like: CallRecord, number: int, at_us: int) -> CallRecord:
    user = f"user-{number % USERS}"
    return ended(replace(like, id=f"h{number}", user=user, started_us=at_us, model=f"model-{number % 9}"))


@contextmanager
def viewer(place: Path) -> Iterator[int]:
    """`tollway top` in a terminal of its own, whose screen somebody reads; its process's id."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.sched_setaffinity(0, {CORE})
        os.chdir(ROOT)
        variables = os.environ | {
            "PYTHONPATH": str(ROOT / "addons"),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }
        words = ["-m", "tollway", "top", f"--ledger=sqlite:{place / 'ledger.db'}"]
        os.execve(sys.executable, [sys.executable, *words], variables)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    reader = threading.Thread(target=_read, args=(terminal,), daemon=True)
    reader.start()
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        reader.join()
        os.close(terminal)


def _read(terminal: int) -> None:
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while os.read(terminal, 65_536):
            pass


async def watched(place: Path, pid: int, extent: Extent) -> list[float]:
    """The percentage of a core that it took, second by second in portions, while calls were made."""
    async with governed(str(place), limits=5, users=USERS, durability="process") as calls:
        loop = asyncio.get_running_loop()
        begun, made, shares = loop.time(), 0, list[float]()
        settled = begun + extent.view_seconds
        before, at = 0.0, settled
        while len(shares) < extent.rounds:
            await asyncio.sleep(max(begun + made / A_SECOND - loop.time(), 0))
            await calls.do("call", made)
            made += 1
            if loop.time() >= at:
                used = time.clock_gettime(~pid << 3 | 2)
                if at > settled:
                    shares.append(100 * (used - before) / extent.view_seconds)
                before, at = used, at + extent.view_seconds
    return shares
