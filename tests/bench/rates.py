"""What three rates add to a call that is held by five limits as well."""

from contextlib import ExitStack
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.figures import whole
from tests.bench.table import Bar, Results
from tests.bench.worker import Kind, in_turns, working

AT_ONCE = 4
"""Calls in flight: as many as the proxies of all other comparisons have connections."""
FEW = 10
MOST = 30
"""Microseconds."""


def rates(results: Results, extent: Extent, folder: Path) -> None:
    """Inside one process, where nothing else adds to the cost: requests and tokens a minute, and calls at
    once, each per user."""
    kinds = {
        f"a call under 5 of {FEW} limits": Kind("call", limits=FEW),
        "the same, and 3 rates": Kind("call", limits=FEW, rates=True),
    }
    print(f"rates: {extent.limit_calls} calls a round, {AT_ONCE} at once", flush=True)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(working(folder / f"rates-{number}", kind))
            for number, (name, kind) in enumerate(kinds.items())
        }
        taken = in_turns(workers, extent.limit_rounds, extent.limit_calls, AT_ONCE)
    for name, each in taken.items():
        results.work(name, *each.figures())
    without, rated = (each.cpu for each in taken.values())
    added = [one - other for one, other in zip(rated, without, strict=True)]
    bar = Bar(what="CPU that 3 rates add to a call inside one process", limit=MOST, unit=" µs", places=0)
    results.bar(bar, whole(added))
