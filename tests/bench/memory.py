"""What the process has resident after many calls: nothing is left of a call."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.bench.calls import agent_turn, json_call
from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.load import PROTOCOLS, drive
from tests.bench.subjects import Place, Subject
from tests.bench.table import Bar, Results

CONNECTIONS = 5
TURN_SHARE = 25
"""One call in so many is an agent turn."""
SETTLED = 2.0
"""Seconds in which the ledger takes the last rows."""


def memory(results: Results, extent: Extent, place: Place) -> None:
    """Of a fresh process, after the first and after the last of many like blocks of calls."""
    early, late = extent.blocks
    print(f"memory: {late} blocks of {extent.block} calls", flush=True)
    sizes: list[float] = []
    with place.running("tollway", "-memory") as subject:
        for number in range(1, late + 1):
            block(subject, extent.block)
            if number % early == 0:
                time.sleep(SETTLED)
                sizes.append(subject.process.rss())
                print(f"     {number * extent.block} calls: {sizes[-1]:.1f} MB", flush=True)
        rows = recorded(place.folder / "tollway-memory" / "ledger.db")
    if rows != late * extent.block:
        raise RuntimeError(f"of {late * extent.block} calls the ledger has {rows}")
    bar = Bar(what=f"RSS after {late * extent.block} calls to that after {early * extent.block}", limit=1.05)
    results.bar(bar, whole([sizes[-1] / sizes[0]]))
    shown = ", ".join(f"{size:.1f}" for size in sizes)
    results.note(
        f"RSS, MB, after each {early * extent.block} calls (both protocols, one in {TURN_SHARE} "
        f"an agent turn, {rows} rows in the ledger): {shown}."
    )


def block(subject: Subject, calls: int) -> None:
    """So many calls: a like share over either protocol, on new connections."""
    share = calls // len(PROTOCOLS)
    for protocol in PROTOCOLS:
        turns = share // TURN_SHARE
        asyncio.run(drive(protocol, subject.target, agent_turn(), 1, turns))
        small, left = divmod(share - turns, CONNECTIONS)
        asyncio.run(drive(protocol, subject.target, json_call(), CONNECTIONS, small))
        asyncio.run(drive(protocol, subject.target, json_call(), 1, left))


def recorded(ledger: Path) -> int:
    """The calls in a ledger."""
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        rows: int = connection.execute("SELECT count(*) FROM calls").fetchone()[0]
        return rows
