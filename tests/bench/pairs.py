"""How many calls a second can be held and settled in a ledger in SQLite, five buckets each: by one process,
and by two that share it, of which one writes at a time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.figures import ratios, whole
from tests.bench.processes import OTHER
from tests.bench.table import Bar, Results
from tests.bench.worker import Kind, Worker, in_turns, working

AT_ONCE = 64
"""Calls in flight."""
LEAST = 2000
"""Pairs a second that are asked for where commits do not wait for the disk."""
HELD = Kind("pair", limits=5)
KINDS = {
    "reserve + settle, durability process": HELD,
    "reserve + settle, durability power": HELD._replace(durability="power"),
    "the same two rows without limits, durability process": Kind("record"),
}
FEWER, LONGER = 10, 4
"""How many times fewer pairs a lone caller makes in a round, and how many times more who disturbs it."""


def pairs(results: Results, extent: Extent, folder: Path) -> None:
    """Over the event loop, as the proxy does it: what has come up meanwhile shares a transaction."""
    print(f"pairs: {extent.pairs} a round, {AT_ONCE} calls at once", flush=True)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(working(folder / f"pairs-{number}", kind))
            for number, (name, kind) in enumerate(KINDS.items())
        }
        taken = in_turns(workers, extent.rounds, extent.pairs, AT_ONCE)
    for name, each in taken.items():
        results.work(name, *each.figures())
    first = next(iter(KINDS))
    what = f"{first}, 5 buckets, one process on SQLite"
    bar = Bar(what=what, limit=LEAST, unit="/s", at_least=True, places=0)
    results.bar(bar, taken[first].figures()[1])
    contention(results, extent, folder)


def contention(results: Results, extent: Extent, folder: Path) -> None:
    """What two processes on one ledger make of each other, each on a core of its own."""
    one, two, alone, beside = [], [], [], []
    few = extent.pairs // FEWER
    with ExitStack() as stack, ThreadPoolExecutor(1) as another:
        first = stack.enter_context(working(folder / "first", HELD))
        second = stack.enter_context(working(folder / "second", HELD, ledger=folder / "first", core=OTHER))

        def ms(worker: Worker, count: int, at_once: int) -> float:
            """Of a pair."""
            return 1000 * worker.does("pair", count, at_once)[1] / count

        for worker in (first, second):
            ms(worker, extent.pairs, AT_ONCE)
        for _ in range(extent.rounds):
            one.append(ms(first, extent.pairs, AT_ONCE))
            busy = another.submit(ms, second, extent.pairs, AT_ONCE)
            two.append(max(ms(first, extent.pairs, AT_ONCE), busy.result()) / 2)
            alone.append(ms(first, few, 1))
            busy = another.submit(ms, second, LONGER * extent.pairs, AT_ONCE)
            beside.append(ms(first, few, 1))
            busy.result()
    results.note(
        f"Two processes on one ledger in SQLite hold and settle {ratios(one, two).text('x')} as many pairs a "
        f"second as one. A pair of a lone caller takes {whole(alone).text(' ms')}, beside another process at "
        f"full speed {whole(beside).text(' ms')}."
    )
