"""What every store does with rates: the contract."""

import asyncio
import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.rates import (
    MINUTE_US,
    SECOND_US,
    admitted,
    at_once,
    counted,
    reserved,
    within,
)
from tests.tollway.ledger.samples import NOON_US
from tests.tollway.ledger.stores import STORES, Store
from tollway.budget.amounts import Amounts, Unit
from tollway.ledger.connect import connect
from tollway.ledger.holding import LEASE_US
from tollway.ledger.prune import KEPT_US, prune
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Budgets, Refused, Reserved
from tollway.model import Usage


def opened_by(store: Store) -> Budgets:
    """It, open, with the verbs that limits need."""
    return cast(Budgets, store.open())


TOKENS = within(1_000, hold=400, unit=Unit.TOKENS)


async def test_no_more_than_a_rate_allows_are_admitted_until_the_window_has_moved_on(ledger: Budgets) -> None:
    """What came at noon is out of the minute a second after 12:01, when its slot is."""
    rate = [within(5)]

    assert await admitted(ledger, rate, 9) == 5
    assert await admitted(ledger, rate, 9, NOON_US + MINUTE_US) == 0
    assert await admitted(ledger, rate, 9, NOON_US + MINUTE_US + SECOND_US) == 5


async def test_who_is_refused_is_told_when_there_is_room_and_then_there_is(ledger: Budgets) -> None:
    rate = within(2)
    for at_us in (NOON_US, NOON_US + 5 * SECOND_US):
        assert isinstance(await reserved(ledger, [rate], str(at_us), at_us), Reserved)
    refused = await reserved(ledger, [rate], "late", NOON_US + 10 * SECOND_US)

    assert isinstance(refused, Refused)
    (balance,) = refused.balances
    assert (balance.settled, balance.left) == (2, 0)
    assert balance.frees_us == NOON_US + MINUTE_US + SECOND_US
    assert balance.empty_us == NOON_US + MINUTE_US + 6 * SECOND_US
    assert isinstance(await reserved(ledger, [rate], "early", balance.frees_us - 1), Refused)
    assert isinstance(await reserved(ledger, [rate], "then", balance.frees_us), Reserved)


async def test_what_a_call_is_refused_by_another_for_counts_nowhere(ledger: Budgets) -> None:
    """All or nothing, limits among them."""
    (limit,) = Limits(Limit(amount=50)).wants(opened())
    rates = [within(5), at_once(5)]

    assert isinstance(await reserved(ledger, [limit, *rates]), Refused)
    assert [await counted(ledger, rate) for rate in rates] == [0, 0]


async def test_a_call_counts_where_it_was_admitted_however_long_it_takes(ledger: Budgets) -> None:
    """It is in flight still when it leaves the window, and its end counts nothing."""
    rate = within(1)
    await reserved(ledger, [rate], "long")
    later_us = NOON_US + 5 * MINUTE_US
    assert isinstance(await reserved(ledger, [rate], "next", later_us), Reserved)

    await ledger.settle(ended(opened("long", bound=None), 30, later_us))

    assert await counted(ledger, rate, later_us) == 1


@pytest.mark.parametrize("status", [200, 500, None])
async def test_a_request_is_one_whatever_came_of_it(ledger: Budgets, status: int | None) -> None:
    rate = within(5)
    await reserved(ledger, [rate])
    await ledger.settle(replace(ended(opened(bound=None), 0), status=status, usage=Usage()))

    assert await counted(ledger, rate) == 1


async def test_tokens_count_as_reserved_and_then_as_used(ledger: Budgets) -> None:
    """They leave the window when what was reserved would have."""
    await reserved(ledger, [TOKENS])
    assert await counted(ledger, TOKENS) == 400

    await ledger.settle(ended(opened(bound=None), 30, NOON_US + 20 * SECOND_US))

    assert await counted(ledger, TOKENS, NOON_US + 20 * SECOND_US) == 30
    assert await counted(ledger, TOKENS, NOON_US + MINUTE_US + SECOND_US) == 0


async def test_tokens_beyond_what_was_reserved_count_from_the_end_on(ledger: Budgets) -> None:
    await reserved(ledger, [TOKENS])
    await ledger.settle(ended(opened(bound=None), 450, NOON_US + 20 * SECOND_US))

    assert await counted(ledger, TOKENS, NOON_US + 20 * SECOND_US) == 450
    assert await counted(ledger, TOKENS, NOON_US + MINUTE_US + SECOND_US) == 50
    assert await counted(ledger, TOKENS, NOON_US + MINUTE_US + 21 * SECOND_US) == 0


async def test_a_settlement_that_comes_again_changes_nothing_and_a_better_one_replaces_it(
    ledger: Budgets,
) -> None:
    await reserved(ledger, [TOKENS])
    end_us = NOON_US + SECOND_US
    for nano, counts in ((30, 30), (30, 30), (20, 20), (500, 500), (500, 500), (430, 430)):
        await ledger.settle(ended(opened(bound=None), nano, end_us))
        assert await counted(ledger, TOKENS, end_us) == counts


async def test_tokens_that_a_stream_knows_early_count_no_more_from_then_on(ledger: Budgets) -> None:
    """What was reserved is lowered, never raised; its end says the rest."""
    await reserved(ledger, [TOKENS])
    await ledger.lower("a", Amounts(input_tokens=100, output_tokens=50, requests=1))
    assert await counted(ledger, TOKENS) == 150
    await ledger.lower("a", Amounts(input_tokens=700, requests=1))
    assert await counted(ledger, TOKENS) == 150

    await ledger.settle(ended(opened(bound=None), 120))
    assert await counted(ledger, TOKENS) == 120


async def test_a_call_that_was_answered_is_no_longer_one_at_once(ledger: Budgets) -> None:
    rate = at_once(2)
    assert await admitted(ledger, [rate], 9) == 2

    await ledger.settle(ended(opened(f"{NOON_US}-0", bound=None), 10))

    assert await counted(ledger, rate) == 1
    assert await admitted(ledger, [rate], 9, NOON_US + 1) == 1


async def test_a_call_is_none_at_once_as_soon_as_nothing_of_it_is_open(ledger: Budgets) -> None:
    """Its attempt failed, and another is to take its place; what else it holds stays."""
    (limit,), rate = Limits(Limit(amount=500)).wants(opened()), at_once(1)
    await reserved(ledger, [limit, rate])

    await ledger.lower("a", None, closed=True)

    assert await counted(ledger, rate) == 0
    assert await counted(ledger, limit) == 100
    await ledger.settle(ended(opened(), 10))
    assert [await counted(ledger, each) for each in (rate, limit)] == [0, 10]


async def test_to_be_lowered_is_no_end_of_a_call(ledger: Budgets) -> None:
    rate = at_once(1)
    await reserved(ledger, [rate])
    await ledger.lower("a", Amounts())

    assert await counted(ledger, rate) == 1


async def test_who_gave_up_while_it_was_admitted_is_none_at_once(ledger: Budgets) -> None:
    rate = at_once(1)
    given_up = ledger.reserve(opened(bound=None), [rate], NOON_US)
    given_up.cancel()
    await ledger.look([rate], NOON_US)  # behind it
    await asyncio.sleep(0)

    await ledger.record(opened("x", bound=None))

    assert await counted(ledger, rate) == 0


async def test_what_died_with_its_process_is_none_at_once_and_its_tokens_leave_with_their_window(
    tmp_path: Path, run_from: Path
) -> None:
    """As soon as somebody else would be refused."""
    path = tmp_path / "ledger.db"
    script = """
import asyncio, sys
from pathlib import Path
from tests.tollway.ledger.rates import at_once, reserved
from tests.tollway.ledger.test_rates import TOKENS
from tollway.ledger.sqlite import SqliteLedger

async def main():
    ledger = SqliteLedger(Path(sys.argv[1]))
    await reserved(ledger, [TOKENS, at_once(1)], "dead")
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""
    command = [sys.executable, "-c", script, str(path)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=run_from) as process,
        closing(SqliteLedger(path)) as ledger,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        rates = [TOKENS, at_once(1)]
        assert isinstance(await reserved(ledger, rates, "a"), Refused)
        process.kill()
        process.wait()
        now_us = NOON_US + 2 * SECOND_US
        assert isinstance(await reserved(ledger, rates, "b", now_us), Reserved)
        assert await counted(ledger, TOKENS, now_us) == 800
        assert await counted(ledger, TOKENS, NOON_US + MINUTE_US + SECOND_US) == 400


RACE = """
import asyncio, sys
from pathlib import Path
from tests.tollway.ledger.rates import admitted, at_once, within
from tollway.ledger.sqlite import SqliteLedger

async def main(path, name):
    ledger = SqliteLedger(Path(path))
    print("ready", flush=True)
    sys.stdin.readline()
    wants = [within(100), within(90, window_us=6_000_000), at_once(80)]
    print(await admitted(ledger, wants, 300, name=name), flush=True)
    sys.stdin.readline()
    ledger.close()

asyncio.run(main(*sys.argv[1:]))
"""


def test_processes_race_for_what_fits_and_that_is_exactly_what_they_get(
    tmp_path: Path, run_from: Path
) -> None:
    """Of 900 calls at one moment the least of three rates are admitted, whoever they are from."""
    command = [sys.executable, "-c", RACE, str(tmp_path / "ledger.db")]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, name],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=run_from,
                    bufsize=1,
                )
            )
            for name in "abc"
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
        found = [int(process.stdout.readline()) for process in processes if process.stdout is not None]
        for process in processes:
            process.communicate("\n")

    assert sum(found) == 80


async def test_stores_of_one_ledger_count_together(store: Store) -> None:
    """Each sees what the others admitted, and took back."""
    rate = within(10)
    with closing(opened_by(store)) as one, closing(opened_by(store)) as other:
        found = await asyncio.gather(admitted(one, [rate], 9), admitted(other, [rate], 9, name="other"))
        assert sum(found) == 10
        await reserved(one, [TOKENS], "tokens")
        assert await counted(other, TOKENS) == 400
        await one.settle(ended(opened("tokens", bound=None), 30))
        assert await counted(other, TOKENS) == 30
        amends = other if store.rows_are_shared else one
        await amends.settle(ended(opened("tokens", bound=None), 20))
        assert await counted(one, TOKENS) == await counted(other, TOKENS) == 20


async def test_what_a_rate_counted_outlives_the_process(store: Store) -> None:
    rate = within(10)
    with closing(opened_by(store)) as ledger:
        assert await admitted(ledger, [rate], 7) == 7

    with closing(opened_by(store)) as ledger:
        assert await admitted(ledger, [rate], 7, NOON_US + 1) == 3


async def test_a_clock_that_was_set_back_far_keeps_nobody_out_for_longer_than_a_window(store: Store) -> None:
    """In all processes, and after a start anew."""
    rate, back_us = within(10), NOON_US - 3_600 * SECOND_US
    with closing(opened_by(store)) as one, closing(opened_by(store)) as other:
        assert await admitted(one, [rate], 10) == 10
        assert await admitted(one, [rate], 10, back_us) == 0
        assert await admitted(other, [rate], 10, back_us + MINUTE_US) == 0
    with closing(opened_by(store)) as ledger:
        assert await counted(ledger, rate, back_us + MINUTE_US) == 10
        assert await admitted(ledger, [rate], 20, back_us + MINUTE_US + SECOND_US) == 10


async def test_an_amount_that_was_edited_keeps_what_was_counted(ledger: Budgets) -> None:
    assert await admitted(ledger, [within(10)], 9) == 9

    assert await admitted(ledger, [within(5)], 9, NOON_US + 1) == 0
    assert await admitted(ledger, [within(12)], 9, NOON_US + 2) == 3


@pytest.mark.parametrize(("after_us", "stays"), [(MINUTE_US, True), (KEPT_US + MINUTE_US, False)])
async def test_what_counts_nothing_for_long_is_forgotten(tmp_path: Path, after_us: int, stays: bool) -> None:
    """Not what is old and in use."""
    path = tmp_path / "ledger.db"
    with closing(SqliteLedger(path)) as ledger:
        await admitted(ledger, [within(10)], 2)
        await ledger.record(opened("x", at_us=NOON_US + after_us))
    with closing(connect(path, "process")) as db:
        db.execute("UPDATE buckets SET since_us = 0")
        prune(db, NOON_US + after_us)
        (left,) = db.execute("SELECT count(*) FROM buckets").fetchone()

    assert left == (1 if stays else 0)


steps = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([0, 1, 50_000, 900_000, SECOND_US, 20 * SECOND_US, MINUTE_US]),
        st.integers(1, 400),
        st.integers(0, 100),
        st.booleans(),
    ),
    max_size=40,
)


@pytest.mark.parametrize("kind", STORES)
@given(steps=steps)
@settings(deadline=None, max_examples=60)
def test_never_more_than_allowed_is_admitted_in_any_window(
    kind: str, steps: list[tuple[int, int, int, int, bool]]
) -> None:
    """Of calls of two stores on one ledger, some of which end meanwhile, having used less: tokens as used, by
    when their call was admitted, and requests, in any minute and, of a burst, in any six seconds. Who comes
    again when it was told to is admitted, and was not a microsecond before."""

    async def run(store: Store) -> tuple[list[tuple[int, int]], list[int]]:
        requests, burst = within(6), within(2, window_us=6 * SECOND_US)
        now_us, used, flying = NOON_US, dict[str, tuple[int, int]](), list[tuple[str, Budgets]]()
        with closing(opened_by(store)) as one, closing(opened_by(store)) as other:
            for n, (which, wait_us, tokens, share, ends) in enumerate(steps):
                ledger = (one, other)[which]
                now_us += wait_us
                for id, admitted_by in flying:
                    await admitted_by.extend([id], now_us + LEASE_US)
                wants = [within(1_000, tokens, unit=Unit.TOKENS), requests, burst, at_once(3)]
                outcome = await reserved(ledger, wants, str(n), now_us)
                if isinstance(outcome, Refused) and 3 not in outcome.by:
                    then_us = max(outcome.balances[index].frees_us or 0 for index in outcome.by)
                    assert isinstance(await reserved(ledger, wants, str(n), then_us - 1), Refused)
                    outcome, now_us = await reserved(ledger, wants, str(n), then_us), then_us
                    assert isinstance(outcome, Reserved)
                if isinstance(outcome, Reserved):
                    used[str(n)] = now_us, tokens
                    flying.append((str(n), ledger))
                    assert len(flying) <= 3
                if ends and flying:
                    id, admitted_by = flying.pop(0)
                    at_us, tokens = used[id]
                    used[id] = at_us, tokens * share // 100
                    ends_it = ledger if store.rows_are_shared else admitted_by
                    await ends_it.settle(ended(opened(id, at_us=at_us, bound=None), used[id][1], now_us))
        return list(used.values()), [at_us for at_us, _ in used.values()]

    with TemporaryDirectory() as folder, STORES[kind](Path(folder)) as store:
        used, starts = asyncio.run(run(store))
    for end_us in starts:
        assert sum(tokens for at_us, tokens in used if end_us - MINUTE_US < at_us <= end_us) <= 1_000
        assert sum(end_us - MINUTE_US < at_us <= end_us for at_us in starts) <= 6
        assert sum(end_us - 6 * SECOND_US < at_us <= end_us for at_us in starts) <= 2
