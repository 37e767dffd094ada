"""What Tollway adds to the first byte, one call at a time, over the bare Master."""

import asyncio

from tests.bench.calls import agent_turn, json_call
from tests.bench.extent import Extent
from tests.bench.figures import differences
from tests.bench.load import PROTOCOLS, alternate
from tests.bench.subjects import Subject
from tests.bench.table import Bar, Results

MOST = 1.0
"""Milliseconds."""
FEW = 30
"""Events of a turn. Of 300 back to back the simulator has so much to write that the load, which shares its
core, waits for its turn there rather than for the proxy."""


def first_byte(results: Results, extent: Extent, bare: Subject, tollway: Subject) -> None:
    """The median of the differences between calls that were made next to each other."""
    for protocol in PROTOCOLS:
        for title, call, pairs, limit in (
            ("JSON call", json_call(), extent.json_pairs, MOST),
            ("agent turn, events back to back", agent_turn(events=FEW), extent.turn_pairs, MOST),
            ("agent turn, 300 events back to back", agent_turn(), extent.turn_pairs, None),
            ("agent turn, events 2 ms apart", agent_turn(0.002, events=FEW), extent.turn_pairs, MOST),
        ):
            print(f"first byte: {title}, {protocol}, {pairs} pairs", flush=True)
            without, with_it = asyncio.run(alternate(protocol, [bare.target, tollway.target], call, pairs))
            added = differences([1000 * first for first in with_it], [1000 * first for first in without])
            what = f"added to the first byte: {title}, {protocol}"
            if limit is None:
                results.note(f"{what}: {added.text(' ms')}; no bar, since the load's own core is busy then.")
            else:
                results.bar(Bar(what=what, limit=limit, unit=" ms"), added)
