"""However a call ends, in whatever dialect: what it is charged, what its row says, and nothing is held."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tollway.ends import DIALECTS, ENDS, EVERY_HOST, TABLES, Settled
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.charging import AT_BOUND
from tollway.hooks.drain import Bounds
from tollway.ledger.open import open_books
from tollway.model import CallRecord, Source

DOCUMENT = Path(__file__).parents[2] / "docs" / "ends.md"
POLICIES = {
    "metered": "version: 1",
    "limited": "version: 1\nlimits: [{name: day, amount: 10000000 tokens, window: day}]",
}
TEXTS = 12
"""Tokens that the texts of half an answer have at least."""


CELLS = [
    pytest.param(kind, end, dialect, id=f"{kind}-{end}-{dialect}")
    for kind, table in TABLES.items()
    for end in table.ends
    for dialect in table.dialects
]


async def ended(road: Road, kind: str, end: str, dialect: str) -> CallRecord:
    """The row of a call that ends so."""
    call, found = TABLES[kind].dialects[dialect], TABLES[kind].ends[end]
    road.sim.scenario = found.scenario
    async with await road.raw(call.host) as raw:
        await raw.send(call.http1("authorization: Bearer made-up"))
        if not found.leaves:
            await raw.response()
        elif kind == "a stream":
            await raw.receive_until(lambda said: any(seen.events_written >= 8 for seen in road.sim.seen))
        else:
            await road.sim.wait_for(lambda seen: seen.events_written > 2)
        if found.leaves:
            raw.close()
        return await road.call()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("kind", "end", "dialect"), CELLS)
async def test_each_end_is_settled(
    tmp_path: Path, home: Path, sim: Simulator, kind: str, end: str, dialect: str, policy: str
) -> None:
    """docs/ends.md has the tables."""
    drains = Bounds(seconds=0.2 if end == "hangs" else 30)
    async with running_road(tmp_path, sim, policy=POLICIES[policy], hosts=EVERY_HOST, drains=drains) as road:
        record = await ended(road, kind, end, dialect)
        await road.rows()
        with closing(open_books(road.ledger_url)) as books:
            held = books.holds()
            buckets = books.buckets(record.started_us)

    on, at_bound = TABLES[kind].settled(end, dialect, policy == "limited"), AT_BOUND in record.cost.flags
    output = record.usage.output_tokens or 0
    assert held == []
    assert at_bound == (policy == "limited" and on in (Settled.TEXTS, Settled.INPUT))
    assert [bucket.settled for bucket in buckets] == (
        [(record.usage.input_tokens or 0) + output] if policy == "limited" else []
    )
    if on is Settled.REPORTED:
        assert (record.cost.source, record.usage.input_tokens, output) == (Source.COMPUTED, 20, 12)
    elif on is Settled.NOTHING:
        assert (record.cost.nano, record.cost.source, record.usage.known()) == (0, Source.NONE, {})
    else:
        assert (record.cost.nano > 0, record.cost.source) == (True, Source.ESTIMATED)
        assert at_bound or (output >= TEXTS) == (on is Settled.TEXTS)
    error = TABLES[kind].ends[end].error
    assert record.error == error if error else record.error not in ("cut", "abandoned")


@pytest.mark.parametrize("kind", TABLES)
def test_the_document_has_the_tables(kind: str) -> None:
    assert TABLES[kind].shown(kind) in DOCUMENT.read_text("utf-8")


async def test_what_is_tried_again_is_billed_again(road: Road) -> None:
    """An SDK sends the same bytes, and no key by which its provider could know them again."""
    call = DIALECTS["Anthropic"]

    for attempt, end in enumerate(("reset", "whole")):
        road.sim.scenario = ENDS[end].scenario
        async with await road.raw(call.host) as raw:
            await raw.send(call.http1(f"x-stainless-retry-count: {attempt}"))
            await raw.response()

    first, second = sorted(await road.calls(2), key=lambda row: row.started_us)
    assert (first.error, first.cost.source, second.cost.source) == ("cut", Source.ESTIMATED, Source.COMPUTED)
    assert first.cost.nano > 0 < second.cost.nano
    assert first.id != second.id
