"""Whatever happens, and in whatever order: buckets equal the sums over rows, and hard limits hold."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from tests.tollway.ledger.limits import DAY_US, HOUR_US, MINUTE_US, Limit, Limits, ended, opened
from tests.tollway.ledger.machine import ALL, Known, Process, bucket_of, die, has_room, is_at_level
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Bucket, Enforce
from tollway.budget.charges import charged
from tollway.ledger.counted import horizon
from tollway.ledger.fault import LedgerError
from tollway.ledger.release import release
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Reached, Refused, Reserved
from tollway.model import CallRecord, Usage

T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """Several processes on one ledger, each with calls."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.db"
        self.loop = asyncio.new_event_loop()
        self.now_us = NOON_US
        self.back_us = 0
        self.limits = Limits(ALL[0], ALL[1], ALL[4])
        self.complete: dict[str, int] = dict.fromkeys(self.limits.keys(), 0)
        """By limit: from which window on its buckets have all calls."""
        self.excused: set[str] = set()
        """Buckets that may be overspent: an edit, or a charge above what was held, did it."""
        self.calls: dict[str, Known] = {}
        self.processes: list[Process] = []
        self.started = 0
        self.start()

    def run(self, doing: Coroutine[Any, Any, T] | asyncio.Future[T]) -> T:
        """Do it to its end."""
        return self.loop.run_until_complete(doing)

    def teardown(self) -> None:
        """Let go of all."""
        for process in self.processes:
            process.ledger.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        self.folder.cleanup()

    @rule()
    @precondition(lambda self: len(self.processes) < 3)
    def start(self) -> None:
        """A process comes up, and keeps the limits of the day."""
        ledger = SqliteLedger(self.path, now=lambda: self.now_us / 1_000_000)
        self.started += 1
        self.processes.append(Process(ledger, self.started))

        async def adopt() -> None:
            await ledger.adopt(self.limits, self.now_us)

        self.run(adopt())

    def at(self, index: int) -> Process:
        """One of the processes."""
        return self.processes[index % len(self.processes)]

    @rule(
        index=st.integers(0, 2),
        nano=st.sampled_from([0, 10, 100, 250]),
        team=st.sampled_from(["a", "b", None]),
        groups=st.sampled_from([(), ("x",), ("x", "y")]),
        level=st.sampled_from([None, None, 20, 80]),
    )
    @precondition(lambda self: self.processes)
    def reserve(
        self, index: int, nano: int, team: str | None, groups: tuple[str, ...], level: int | None
    ) -> None:
        """A call asks to be admitted, in some buckets only below a level."""
        process = self.at(index)
        call = opened(f"c{len(self.calls)}", nano, self.now_us, team=team, groups=groups)
        wants = self.limits.wants(call)
        if level is not None:
            wants[::2] = [replace(want, below=want.amount * level // 100) for want in wants[::2]]

        async def ask() -> Any:
            return await process.ledger.reserve(call, wants, self.now_us)

        outcome = self.run(ask())
        if isinstance(outcome, Reserved):
            hard = any(want.enforce is Enforce.HARD for want in wants)
            self.calls[call.id] = Known(call, process.number, hard, self.now_us + 5 * MINUTE_US)
            found = zip(outcome.balances, wants, strict=True)
            assert not any(is_at_level(each, want, want.hold) for each, want in found)
            return
        found = zip(outcome.balances, wants, strict=True)
        reached = tuple(at for at, (each, want) in enumerate(found) if is_at_level(each, want))
        assert isinstance(outcome, Reached if reached else Refused)
        assert outcome.by
        if isinstance(outcome, Reached):
            assert outcome.by == reached
        else:
            assert all(not has_room(outcome.balances[at], wants[at].hold) for at in outcome.by)

    @rule(index=st.integers(0, 2), nano=st.sampled_from([0, 30]), ends=st.booleans())
    @precondition(lambda self: self.processes)
    def record(self, index: int, nano: int, ends: bool) -> None:
        """A call is written that nobody reserved."""
        process = self.at(index)
        call = opened(f"c{len(self.calls)}", nano, self.now_us, bound=None)
        if ends:
            call = ended(call, nano, self.now_us)

        async def write() -> None:
            await process.ledger.record(call)

        self.calls[call.id] = Known(call, process.number)
        self.excuse(call)
        self.run(write())

    @rule(
        index=st.integers(0, 9),
        share=st.sampled_from([0, 30, 100, 130]),
        after_us=st.sampled_from([0, 0, MINUTE_US, -20 * MINUTE_US]),
        fails=st.booleans(),
        again=st.booleans(),
    )
    @precondition(lambda self: self.processes and self.calls)
    def settle(self, index: int, share: int, after_us: int, fails: bool, again: bool) -> None:
        """A call ends, or what is known of one that ended, or was lost, is amended; some charges are above
        the bound."""
        id = sorted(self.calls)[-1 - index % len(self.calls)]
        known = self.calls[id]
        process = next((each for each in self.processes if each.number == known.process), None)
        if process is None:
            return
        bound = known.row.bound or Amounts(nano=100)
        done = ended(known.row, bound.nano * share // 100, max(self.now_us + after_us, 0))
        if fails:
            done = replace(done, status=500, usage=Usage())
        if share > 100 or known.row.state == "done" or known.released or after_us or self.lost(id):
            self.excuse(done)

        async def end() -> list[Any]:
            return [await process.ledger.settle(done, soon=True) for _ in range(1 + again)]

        balances = self.run(end())
        assert balances[0] == balances[-1]
        known.row, known.released = done, False

    @rule(index=st.integers(0, 9), share=st.sampled_from([20, 60, 120]))
    @precondition(lambda self: self.processes and self.calls)
    def lower(self, index: int, share: int) -> None:
        """A stream says what its input was."""
        id = sorted(self.calls)[-1 - index % len(self.calls)]
        known = self.calls[id]
        if known.row.bound is None:
            return
        nano = known.row.bound.nano * share // 100
        bound = Amounts(nano=nano, input_tokens=nano, output_tokens=nano, requests=1)
        ledger = self.processes[0].ledger
        if known.row.state == "open":
            self.excuse(known.row)  # it may be settled at more than that

        async def lower() -> None:
            await ledger.lower(id, bound)

        self.run(lower())

    @rule(index=st.integers(0, 2))
    @precondition(lambda self: self.processes)
    def crash(self, index: int) -> None:
        """A process dies with its calls."""
        process = self.at(index)
        self.processes.remove(process)
        die(process.ledger)

    @rule(index=st.integers(0, 2))
    @precondition(lambda self: len(self.processes) > 1)
    def stop(self, index: int) -> None:
        """A process ends as it should; calls that it left open are nobody's."""
        process = self.at(index)
        self.processes.remove(process)
        process.ledger.close()

    @rule(index=st.integers(0, 2))
    @precondition(lambda self: self.processes)
    def extend(self, index: int) -> None:
        """A process renews the leases of all calls."""
        until_us = self.now_us + 5 * MINUTE_US
        ledger = self.at(index).ledger

        async def extend() -> None:
            await ledger.extend(list(self.calls), until_us)

        self.run(extend())
        for known in self.calls.values():
            known.lease_us = known.lease_us and until_us

    @rule(index=st.integers(0, 2))
    @precondition(lambda self: self.processes)
    def reap(self, index: int) -> None:
        """Somebody looks for the dead: none of theirs is open after that."""
        ledger = self.at(index).ledger

        async def reap() -> None:
            await ledger.reap(self.now_us)

        self.run(reap())
        alive = {process.number for process in self.processes}
        still_open = {id for id, (row, *_) in self.rows().items() if row.state == "open"}
        assert {self.calls[id].process for id in still_open} <= alive

    @rule(move_us=st.sampled_from([1, MINUTE_US, 6 * MINUTE_US, 50 * MINUTE_US, DAY_US, -10 * MINUTE_US]))
    def move_clock(self, move_us: int) -> None:
        """Time goes on; at times a clock is set back."""
        if move_us < 0:
            if self.back_us + move_us < -HOUR_US:
                return
            self.back_us += move_us
            # What had left a rolling window is in it again, and its place may be taken.
            self.excused |= {bucket.id for bucket, *_ in self.buckets().values() if bucket.rolling_us}
        self.now_us += move_us

    @rule(chosen=st.sets(st.sampled_from(ALL), max_size=5), more=st.sampled_from([-50, 0, 50]))
    @precondition(lambda self: self.processes)
    def edit(self, chosen: set[Limit], more: int) -> None:
        """The policy changes; all processes keep the new one."""
        before = set(self.limits.keys())
        edited = Limits(*(Limit(**{**vars(each), "amount": max(each.amount + more, 0)}) for each in chosen))
        self.limits = edited
        for key in edited.keys():
            if key not in before:
                self.complete[key] = edited.since_us(key, self.now_us)
        self.excused |= {bucket.id for bucket, *_ in self.buckets().values()}
        self.excused |= {bucket.id for known in self.calls.values() for bucket in self.counts_in(known.row)}
        for process in self.processes:

            async def adopt(ledger: SqliteLedger = process.ledger) -> None:
                await ledger.adopt(edited, self.now_us)

            self.run(adopt())

    @rule(index=st.integers(0, 9))
    @precondition(lambda self: self.calls)
    def release(self, index: int) -> None:
        """An operator lets go of a call: only of one that no living process has in flight."""
        id = sorted(self.calls)[-1 - index % len(self.calls)]
        known = self.calls[id]
        row = self.rows()[id][0]
        alive = {process.number for process in self.processes}
        try:
            release(self.path, id)
        except LedgerError:
            assert row.state == "done" or known.process in alive
        else:
            assert row.state == "lost" or (row.state == "open" and known.process not in alive)
            known.released = True

    def excuse(self, call: CallRecord) -> None:
        """Its buckets may be overspent from now on."""
        self.excused |= {bucket.id for bucket in self.counts_in(call)}

    def counts_in(self, call: CallRecord) -> list[Bucket]:
        """The buckets of the limits that are kept now."""
        return list(self.limits.all_buckets(call, call.started_us))

    def lost(self, id: str) -> bool:
        """Whether a row says that its process died."""
        return self.rows()[id][0].state == "lost"

    def rows(self) -> dict[str, tuple[CallRecord, dict[str, int]]]:
        """Every call, and what it holds by the bucket's id."""
        with closing(sqlite3.connect(self.path)) as db:
            found = db.execute(f"SELECT holds, {', '.join(COLUMNS)} FROM calls").fetchall()
        calls = [(call_of(row), json.loads(holds or "{}")) for holds, *row in found]
        return {call.id: (call, holds) for call, holds in calls}

    def buckets(self) -> dict[int, tuple[Bucket, str, int, int, int, int]]:
        """By id: which, and its enforcement, amount, settled, held, horizon."""
        sql = """SELECT id, limit_name, limit_key, per, unit, start_us, end_us, rolling_us,
            enforce, amount, settled, held, horizon FROM buckets JOIN balances ON bucket = id"""
        with closing(sqlite3.connect(self.path)) as db:
            return {id: (bucket_of(row[:7]), *row[7:]) for id, *row in db.execute(sql)}

    @invariant()
    def nothing_is_lost_and_nothing_twice(self) -> None:
        """Each call has one row, which says what was last said of it, or that it was lost."""
        rows = self.rows()
        assert rows.keys() == self.calls.keys()
        alive = {process.number for process in self.processes}
        for id, known in self.calls.items():
            row = rows[id][0]
            if known.released:
                assert (row.state, row.cost.nano, row.cost.flags[-1]) == ("done", 0, "released")
            elif known.row.state == "done":
                assert replace(row, bound=None) == replace(known.row, bound=None)
            elif row.state == "lost":
                ran_out = known.lease_us is not None and known.lease_us < self.now_us + HOUR_US
                assert known.process not in alive or ran_out
                at_bound = "charged_at_bound" in row.cost.flags
                assert at_bound or not known.hard
                most = row.bound.nano if at_bound and row.bound else known.row.cost.nano
                assert row.cost.nano == most
            else:
                assert row.state == "open"

    @invariant()
    def buckets_are_the_sums_over_rows(self) -> None:
        """Over those that count in them by the limits, whatever their rows say."""
        buckets = self.buckets()
        by_id = {bucket.id: self.begin(bucket, first) for bucket, *_, first in buckets.values()}
        settled: Counter[str] = Counter()
        for call, _ in self.rows().values():
            minute = (call.started_us if call.ended_us is None else call.ended_us) // MINUTE_US
            for bucket in self.counts_in(call):
                since = by_id.get(bucket.id, self.horizon(bucket))
                settled[bucket.id] += charged(call).of(bucket.unit) * (minute >= since)
        for id, (bucket, _, _, found, _, first) in buckets.items():
            if bucket.rolling_us is not None:
                assert found == self.within(id, first), bucket
                found = self.within(id, by_id[bucket.id])
            if self.is_complete(bucket):
                assert found == settled.pop(bucket.id, 0), bucket
        left = {name for name, amount in settled.items() if amount and name not in by_id}
        assert not [name for name in left if self.is_complete(self.named(name))]

    def horizon(self, bucket: Bucket) -> int:
        """The first minute that counts in a bucket that is not there: no call may have ended in it since."""
        return 0 if bucket.rolling_us is None else horizon(bucket.rolling_us, self.now_us)

    def begin(self, bucket: Bucket, first: int) -> int:
        """The first minute that a bucket has all calls of. One of a rolling limit that comes back is rebuilt
        only if calls of its window were written without it: what is from before that is nobody's any more."""
        since_us = 0 if bucket.rolling_us is None else self.complete.get(bucket.key, 0)
        return max(first, since_us // MINUTE_US)

    def within(self, id: int, since: int) -> int:
        """What a rolling bucket has settled, by its minutes, from one on."""
        sql = "SELECT coalesce(sum(settled), 0) FROM minutes WHERE bucket = ? AND minute >= ?"
        with closing(sqlite3.connect(self.path)) as db:
            ((found,),) = db.execute(sql, (id, since)).fetchall()
        return int(found)

    def named(self, name: str) -> Bucket:
        """A bucket that calls count in, by its id."""
        found = [each for known in self.calls.values() for each in self.counts_in(known.row)]
        return next(each for each in found if each.id == name)

    def is_complete(self, bucket: Bucket) -> bool:
        """Whether its limit is kept, and was while all of its calls were written, or rebuilt since."""
        if bucket.key not in self.limits.limits:
            return False
        return bucket.rolling_us is not None or bucket.start_us >= self.complete[bucket.key]

    @invariant()
    def what_is_held_is_the_sum_over_open_rows(self) -> None:
        """In every bucket, kept or not."""
        held: Counter[int] = Counter()
        for call, holds in self.rows().values():
            if call.state == "open":
                held.update({int(id): hold for id, hold in holds.items()})
        assert {id: found[4] for id, found in self.buckets().items()} == {
            id: held[id] for id in self.buckets()
        }

    @invariant()
    def hard_limits_hold(self) -> None:
        """But for amounts that were lowered, and charges above what was held."""
        for bucket, enforce, amount, settled, held, _ in self.buckets().values():
            if enforce == "hard" and bucket.id not in self.excused:
                assert settled + held <= amount, bucket


Machine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestMachine = Machine.TestCase
