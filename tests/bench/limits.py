"""What a call costs under five limits, however many others there are, and however many buckets."""

from contextlib import ExitStack
from pathlib import Path

from tests.bench.comparison import compare, cpu_ratio
from tests.bench.cpu import json_calls
from tests.bench.extent import Extent
from tests.bench.figures import ratios
from tests.bench.policies import PER_USER
from tests.bench.subjects import Place
from tests.bench.table import Bar, Results
from tests.bench.worker import Kind, in_turns, working

AT_ONCE = 4
"""Calls in flight: as many as the proxies of all other comparisons have connections."""
BUSIER = (8, 16)
"""More of them, which share transactions: those of few users share more of what these write."""
FEW = 10
MOST = 1.3
"""Times the cost among FEW limits."""


def limits(results: Results, extent: Extent, place: Place) -> None:
    """Inside one process, where nothing else adds to the cost, and through the proxy."""
    inside(results, extent, place.folder)
    through(results, extent, place)


def inside(results: Results, extent: Extent, folder: Path) -> None:
    """Matched, bounded, priced, held and settled in one process, without an engine around it."""
    kinds = {f"{number} limits": Kind("call", limits=number) for number in (FEW, *extent.limits)}
    many = f"{FEW} limits, {extent.buckets} live buckets"
    kinds[many] = Kind("call", limits=FEW, users=extent.buckets // PER_USER + 1)
    print(f"limits: {extent.limit_calls} calls a round, {AT_ONCE} at once", flush=True)
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(working(folder / f"limits-{number}", kind))
            for number, (name, kind) in enumerate(kinds.items())
        }
        workers[many].does("fill", kinds[many].users, 64)
        taken = in_turns(workers, extent.limit_rounds, extent.limit_calls, AT_ONCE)
        base, *others = taken
        pair = {name: workers[name] for name in (base, many)}
        busier = {n: in_turns(pair, extent.limit_rounds, extent.limit_calls, n) for n in BUSIER}
    for name, each in taken.items():
        results.work(f"a call under 5 of {name}", *each.figures())
    for name in others:
        bar = Bar(what=f"CPU of a call inside one process under 5 of {name}, to {base}", limit=MOST)
        results.bar(bar, ratios(taken[name].cpu, taken[base].cpu))
    for number, both in busier.items():
        ratio = ratios(both[many].cpu, both[base].cpu).text("x")
        results.note(f"{many}, with {number} calls in flight instead of {AT_ONCE}: {ratio}.")


def through(results: Results, extent: Extent, place: Place) -> None:
    """JSON calls through proxies that have so many limits."""
    names = {number: f"tollway-limits-{number}" for number in (FEW, *extent.limits)}
    with ExitStack() as stack:
        subjects = [stack.enter_context(place.running(name)) for name in names.values()]
        comparison = json_calls("HTTP/1.1", extent)
        rounds = compare(results, comparison, subjects, extent.rounds)
    for number in extent.limits:
        bar = Bar(what=f"CPU: {comparison.title} under 5 of {number} limits, to {FEW} limits", limit=MOST)
        results.bar(bar, cpu_ratio(rounds, names[number], names[FEW]))
