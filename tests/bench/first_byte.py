"""What Tollway adds to the first byte, one call at a time, over the bare Master."""

import asyncio

from tests.bench.calls import agent_turn, json_call
from tests.bench.extent import Extent
from tests.bench.figures import differences
from tests.bench.load import PROTOCOLS, alternate
from tests.bench.subjects import Subject
from tests.bench.table import Bar, Results


def first_byte(results: Results, extent: Extent, bare: Subject, tollway: Subject) -> None:
    """The median of the differences between calls that were made next to each other."""
    for protocol in PROTOCOLS:
        for title, call, pairs in (
            ("JSON call", json_call(), extent.json_pairs),
            ("agent turn, events back to back", agent_turn(), extent.turn_pairs),
            ("agent turn, events 2 ms apart", agent_turn(0.002, events=30), extent.turn_pairs),
        ):
            print(f"first byte: {title}, {protocol}, {pairs} pairs", flush=True)
            without, with_it = asyncio.run(alternate(protocol, [bare.target, tollway.target], call, pairs))
            added = differences([1000 * first for first in with_it], [1000 * first for first in without])
            bar = Bar(what=f"added to the first byte: {title}, {protocol}", limit=1.0, unit=" ms")
            results.bar(bar, added)
