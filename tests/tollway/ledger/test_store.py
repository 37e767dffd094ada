"""What every ledger does: the contract."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.ledger.samples import FULL, NOON_US, call, calls
from tests.tollway.ledger.stores import STORES, Store
from tollway.ledger.fault import LedgerError
from tollway.ledger.store import Group, Ledger
from tollway.ledger.sums import Sums
from tollway.model import Billing, CallRecord, Cost, Source, Usage

DAY_US = 86_400_000_000


def read(store: Store) -> list[CallRecord]:
    """All calls."""
    with closing(store.books()) as books:
        return list(books.calls())


def sums(
    store: Store, by: Sequence[str] = (), end_of: Callable[[int], int] | None = None
) -> dict[tuple[int, Group], Sums]:
    """The sums over all calls."""
    with closing(store.books()) as books:
        return books.sums(by, end_of=end_of)


async def test_a_call_comes_back_as_it_was_recorded(store: Store, ledger: Ledger) -> None:
    """Every field of it."""
    await ledger.record(FULL)

    assert read(store) == [FULL]


async def test_a_recorded_call_is_there_for_other_processes_at_once(store: Store, ledger: Ledger) -> None:
    """The future is done when the row is, not when the ledger is closed; other machines see what ended."""
    state = "open" if store.rows_are_shared else "done"
    await ledger.record(call(state=state))

    assert [found.state for found in read(store)] == [state]


async def test_the_latest_record_of_a_call_counts(store: Store, ledger: Ledger) -> None:
    """Whatever it says: what is no longer known is gone."""
    await ledger.record(call(state="open", error="x"))
    await ledger.record(call(state="done", usage=Usage(input_tokens=7)))

    assert read(store) == [call(state="done", usage=Usage(input_tokens=7))]


async def test_a_call_started_when_it_was_first_recorded(store: Store, ledger: Ledger) -> None:
    """A start that moved could be counted twice by a report that is under way."""
    await ledger.record(call(started_us=NOON_US))
    await ledger.record(call(started_us=NOON_US + 5))

    assert [found.started_us for found in read(store)] == [NOON_US]


async def test_records_that_nobody_waits_for_are_written_in_their_order(store: Store, ledger: Ledger) -> None:
    """They wait for each other, or for one that can't wait; the last one of a call counts."""
    ledger.record(call("a", state="open"), soon=True)
    ledger.record(call("a", state="done"), soon=True)
    last = ledger.record(call("b"), soon=True)
    await last

    assert [(found.id, found.state) for found in read(store)] == [("a", "done"), ("b", "done")]


async def test_closing_writes_what_is_waiting(store: Store) -> None:
    """All of it, before it returns."""
    ledger = store.open()
    written = [ledger.record(call(str(n)), soon=n % 2 == 0) for n in range(2000)]
    ledger.close()

    assert len(read(store)) == 2000
    assert await asyncio.gather(*written) == [None] * 2000


@pytest.mark.parametrize("soon", [True, False])
async def test_a_closed_ledger_takes_nothing(store: Store, soon: bool) -> None:
    """It says so; closing it again does nothing."""
    ledger = store.open()
    ledger.close()
    ledger.close()

    with pytest.raises(LedgerError, match="it is closed"):
        await ledger.record(call(), soon=soon)


async def test_who_waits_may_give_up(store: Store) -> None:
    """Its record is written all the same, and the others' futures are done."""
    with closing(store.open()) as ledger:
        given_up = ledger.record(call("a"))
        given_up.cancel()
        await ledger.record(call("b"))

    assert [found.id for found in read(store)] == ["a", "b"]


async def test_no_claim_keeps_a_call_out(store: Store, ledger: Ledger) -> None:
    """Numbers beyond all bounds and text that is no Unicode are set right and flagged, that row only."""
    lie = call(
        "lie",
        usage=Usage(input_tokens=10**30, output_tokens=-5),
        cost=Cost(input_nano=10**25, output_nano=2, source=Source.PROVIDER, flags=("unknown_price",)),
        max_output_tokens=2**63,
        program="curl \udcff",
        tags={"a": "\ud800"},
    )

    await asyncio.gather(ledger.record(call("a")), ledger.record(lie), ledger.record(call("b")))

    found = {each.id: each for each in read(store)}
    assert found["a"] == call("a")
    assert found["b"] == call("b")
    assert found["lie"].usage == Usage(input_tokens=10**12, output_tokens=0)
    assert found["lie"].cost.nano == 10**15 + 2
    assert found["lie"].cost.flags == ("unknown_price", "out_of_range")
    assert found["lie"].max_output_tokens == 2**63 - 1
    assert found["lie"].program == "curl ?"
    assert found["lie"].tags == {"a": "?"}


async def test_liars_do_not_break_sums(store: Store, ledger: Ledger) -> None:
    """Any number of them: sums stay within 64 bits."""
    lie = {"usage": Usage(input_tokens=2**62), "cost": Cost(input_nano=2**62)}
    await asyncio.gather(*(ledger.record(call(str(n), **lie)) for n in range(20)))

    (found,) = sums(store).values()
    assert found == Sums(20, 20 * 10**15, 0, 0, {"input_tokens": 20 * 10**12})


async def test_calls_are_read_by_their_start(store: Store, ledger: Ledger) -> None:
    """From `since` on, until before `until`, in their order."""
    for n in (3, 1, 2, 4):
        await ledger.record(call(str(n), started_us=NOON_US + n))

    with closing(store.books()) as books:
        assert [found.id for found in books.calls(NOON_US + 2, NOON_US + 4)] == ["2", "3"]
        assert sum(each.calls for each in books.sums((), NOON_US + 2, NOON_US + 4).values()) == 2


async def test_sums_by_attributes_and_period(store: Store, ledger: Ledger) -> None:
    """Money by how it is billed; units that were reported, zeros included, and no others."""
    computed, guessed = Source.COMPUTED, Source.ESTIMATED
    rows = [
        call("1", usage=Usage(input_tokens=5, images=0), cost=Cost(input_nano=10, source=computed)),
        call("2", usage=Usage(input_tokens=7, pages=3), cost=Cost(input_nano=20, source=guessed)),
        call("3", usage=Usage(), cost=Cost(other_nano=40, source=guessed), billing=Billing.NOTIONAL),
        call("4", model="gpt-5", usage=Usage(), cost=Cost(input_nano=80, source=computed)),
        call("5", started_us=NOON_US + DAY_US, usage=Usage(seconds=2), cost=Cost()),
    ]
    await asyncio.gather(*map(ledger.record, rows))

    found = sums(store, ["provider", "model"], end_of=lambda us: us - us % DAY_US + DAY_US)

    assert found == {
        (NOON_US, ("anthropic", "claude-sonnet-4-5")): Sums(
            3, cost_nano=30, notional_nano=40, estimated_nano=20,
            usage={"input_tokens": 12, "images": 0, "pages": 3},
        ),
        (NOON_US, ("anthropic", "gpt-5")): Sums(1, cost_nano=80),
        (NOON_US + DAY_US, ("anthropic", "claude-sonnet-4-5")): Sums(1, usage={"seconds": 2}),
    }  # fmt: skip


async def test_what_the_cache_saved_is_added_up_where_it_would_have_been_paid(
    store: Store, ledger: Ledger
) -> None:
    """Under a flat plan it would not."""
    free = {"usage": Usage(input_tokens=5), "cost": Cost()}
    rows = [
        call("1", usage=Usage(input_tokens=5), cost=Cost(input_nano=10), cache="miss"),
        call("2", cache="hit", saved_nano=10, **free),
        call("3", cache="hit", saved_nano=10, billing=Billing.NOTIONAL, **free),
        call("4", cache="join", saved_nano=10, **free),
    ]
    await asyncio.gather(*map(ledger.record, rows))

    used = {"input_tokens": 5}
    assert sums(store, ["cache"], None) == {
        (NOON_US, ("miss",)): Sums(1, cost_nano=10, usage=used),
        (NOON_US, ("hit",)): Sums(2, usage={"input_tokens": 10}, saved_nano=10),
        (NOON_US, ("join",)): Sums(1, usage=used, saved_nano=10),
    }
    assert read(store) == rows


async def test_sums_by_tag(store: Store, ledger: Ledger) -> None:
    """Any key; a call without it stands under None."""
    await ledger.record(call("1", tags={"a.b-c_1": "x"}))
    await ledger.record(call("2", tags={"a": "y"}))

    found = sums(store, ["tag.a.b-c_1", "tag.a"])

    assert {group: each.calls for (_, group), each in found.items()} == {("x", None): 1, (None, "y"): 1}


async def test_an_empty_ledger_has_no_sums(store: Store, ledger: Ledger) -> None:
    """No group, not even one of nothing."""
    assert sums(store) == {}
    assert sums(store, ["model"]) == {}


BY = st.lists(
    st.sampled_from(
        ["provider", "model", "program", "billing", "status", "state", "cost_source", "tag.project"]
    ),
    max_size=3,
    unique=True,
)


@pytest.mark.parametrize("name", STORES)
@settings(max_examples=40, deadline=None)
@given(recorded=st.lists(calls(), max_size=15), by=BY, period=st.sampled_from([None, 7, 24]))
def test_sums_are_those_of_the_calls(
    name: str, recorded: list[CallRecord], by: list[str], period: int | None
) -> None:
    """After any records and upserts, by anything: added up one by one, it is the same."""
    length = None if period is None else period * 3_600_000_000
    with TemporaryDirectory() as folder, STORES[name](Path(folder)) as store:

        async def record() -> None:
            with closing(store.open()) as ledger:
                await asyncio.gather(*map(ledger.record, recorded))

        asyncio.run(record())
        end_of = None if length is None else (lambda us: us - us % length + length)
        found = sums(store, by, end_of)
        added = added_up(read(store), by, length)

    in_periods = {
        (None if length is None else us // length, group): each for (us, group), each in found.items()
    }
    assert in_periods == added


def added_up(
    recorded: Sequence[CallRecord], by: Sequence[str], length: int | None
) -> dict[tuple[int | None, Group], Sums]:
    """The sums, one call after the other."""
    found: dict[tuple[int | None, Group], Sums] = {}
    for each in recorded:
        period = None if length is None else each.started_us // length
        group = tuple(value_of(each, name) for name in by)
        cost = each.cost.nano
        metered = each.billing is Billing.METERED
        guessed = metered and each.cost.source is Source.ESTIMATED
        saved = each.saved_nano * metered
        one = Sums(1, cost * metered, cost * (not metered), cost * guessed, each.usage.known(), saved)
        found.setdefault((period, group), Sums()).add(one)
    return found


def value_of(each: CallRecord, name: str) -> str | int | None:
    """An attribute of a call, as the ledger calls it."""
    if name == "cost_source":
        return each.cost.source.value
    if name.startswith("tag."):
        return each.tags.get(name.removeprefix("tag."))
    value: str | int | None = getattr(each, name)
    return value


WRITE = """
import asyncio, sys
from contextlib import closing
from tests.tollway.ledger.samples import call
from tollway.ledger.open import open_ledger

async def write(url, name, count):
    with closing(open_ledger(url)) as ledger:
        for start in range(0, count, 10):
            await asyncio.gather(*(ledger.record(call(f"{name}-{n}")) for n in range(start, start + 10)))

asyncio.run(write(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def test_two_processes_write_one_ledger(store: Store, run_from: Path) -> None:
    """2,000 calls each, at the same time: none is lost, and nobody gives up."""
    words = (sys.executable, "-c", WRITE, store.url)
    processes = [
        await asyncio.create_subprocess_exec(*words, name, "2000", cwd=run_from) for name in ("a", "b")
    ]
    statuses = [await process.wait() for process in processes]

    assert statuses == [0, 0]
    assert {found.id for found in read(store)} == {f"{name}-{n}" for name in "ab" for n in range(2000)}
