"""How many calls a second one process can hold and settle in a ledger in SQLite, five buckets each."""

from contextlib import ExitStack
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.table import Bar, Results
from tests.bench.worker import Kind, in_turns, working

AT_ONCE = 64
"""Calls in flight."""
LEAST = 2000
"""Pairs a second that are asked for where commits do not wait for the disk."""
KINDS = {
    "reserve + settle, durability process": Kind("pair", limits=5),
    "reserve + settle, durability power": Kind("pair", limits=5, durability="power"),
    "the same two rows without limits, durability process": Kind("record"),
}


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
