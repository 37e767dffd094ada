"""Whatever happens, and in whatever order: rates count what a list of all calls does."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.tollway.ledger.limits import ended, opened
from tests.tollway.ledger.rates import MINUTE_US, SECOND_US, at_once, within
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Want
from tollway.ledger.holding import LEASE_US
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Refused, Reserved

ALLOWED = {"tokens": 1_000, "requests": 5, "burst": 3, "wide": 3}


def wants(tokens: int) -> dict[str, Want]:
    """What a call wants, by name."""
    return {
        "tokens": within(ALLOWED["tokens"], tokens, unit=Unit.TOKENS),
        "requests": within(ALLOWED["requests"]),
        "burst": within(ALLOWED["burst"], window_us=6 * SECOND_US),
        "wide": at_once(ALLOWED["wide"]),
    }


@dataclass
class Known:
    """A call that was admitted."""

    at_us: int
    process: SqliteLedger
    reserved: int
    used: int | None = None
    """None: it is not known yet, and never will be if its process died."""
    ended_us: int = 0
    is_open: bool = True
    is_closed: bool = False
    """Nothing of it is open, though it has not ended."""


class Machine(RuleBasedStateMachine):
    """Several processes on one ledger. Time only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.db"
        self.loop = asyncio.new_event_loop()
        self.now_us = NOON_US
        self.calls: dict[str, Known] = {}
        self.processes: list[SqliteLedger] = []
        self.start()

    def run(self, verb: str, *values: Any, index: int = 0) -> Any:
        """Have a process do it."""

        async def do() -> Any:
            return await getattr(self.processes[index % len(self.processes)], verb)(*values)

        return self.loop.run_until_complete(do())

    def teardown(self) -> None:
        """Let go of all."""
        for process in self.processes:
            process.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        self.folder.cleanup()

    @rule()
    @precondition(lambda self: len(self.processes) < 3)
    def start(self) -> None:
        """A process comes up, and finds what the dead left behind."""
        self.processes.append(SqliteLedger(self.path, now=lambda: self.now_us / 1_000_000))
        self.reaped()

    @rule(index=st.integers(0, 2), tokens=st.sampled_from([1, 150, 400, 1_000]))
    def reserve(self, index: int, tokens: int) -> None:
        """A call asks to be admitted: it is if the list has room for it, and only then."""
        id, asked = f"c{len(self.calls)}", wants(tokens)
        call = opened(id, at_us=self.now_us, bound=None)
        outcome = self.run("reserve", call, list(asked.values()), self.now_us, index=index)
        full = [name for name, want in asked.items() if self.counted(name) + want.hold > ALLOWED[name]]
        if isinstance(outcome, Refused):
            self.reaped()
            assert [list(asked)[index] for index in outcome.by] == [
                name for name, want in asked.items() if self.counted(name) + want.hold > ALLOWED[name]
            ]
            return
        assert isinstance(outcome, Reserved)
        if full:
            self.reaped()
            assert full == ["wide"]
        self.calls[id] = Known(self.now_us, self.processes[index % len(self.processes)], tokens)

    @rule(index=st.integers(0, 9), share=st.sampled_from([0, 30, 100, 130]))
    @precondition(lambda self: self.calls)
    def settle(self, index: int, share: int) -> None:
        """A call ends, or what is known of one that ended is amended."""
        id = list(self.calls)[-1 - index % len(self.calls)]
        known = self.calls[id]
        if known.process not in self.processes:
            return
        end_us = known.ended_us or self.now_us
        known.used, known.ended_us, known.is_open = known.reserved * share // 100, end_us, False
        self.run("settle", ended(opened(id, at_us=known.at_us, bound=None), known.used, end_us))

    @rule(index=st.integers(0, 9), share=st.sampled_from([20, 60, 120]), closes=st.booleans())
    @precondition(lambda self: self.calls)
    def lower(self, index: int, share: int, closes: bool) -> None:
        """A stream says what its input was, or an attempt has failed."""
        id = list(self.calls)[-1 - index % len(self.calls)]
        known = self.calls[id]
        bound = known.reserved * share // 100
        self.run("lower", id, Amounts(input_tokens=bound, requests=1), closes)
        if known.is_open:
            known.reserved, known.is_closed = min(known.reserved, bound), known.is_closed or closes

    @rule(index=st.integers(0, 2))
    @precondition(lambda self: len(self.processes) > 1)
    def crash(self, index: int) -> None:
        """A process dies with its calls."""
        ledger = self.processes.pop(index % len(self.processes))
        ledger._writer.close()
        assert ledger._presence._file is not None
        os.close(ledger._presence._file)
        ledger._presence._file = None

    @rule(move_us=st.sampled_from([1, 500_000, SECOND_US, 6 * SECOND_US, 20 * SECOND_US, 2 * MINUTE_US]))
    def time_passes(self, move_us: int) -> None:
        """And the leases of calls in flight are renewed."""
        self.now_us += move_us
        alive = [id for id, known in self.calls.items() if known.process in self.processes]
        self.run("extend", alive, self.now_us + LEASE_US)

    def reaped(self) -> None:
        """Somebody looked for the dead: what they had open is not. What they used nobody knows."""
        for known in self.calls.values():
            known.is_open = known.is_open and known.process in self.processes

    def counted(self, name: str) -> int:
        """What the list says that a rate counts now."""
        if name == "wide":
            return len([known for known in self.calls.values() if known.is_open and not known.is_closed])
        bucket = wants(1)[name].bucket
        assert bucket.slot_us is not None
        assert bucket.rolling_us is not None
        return sum(
            amount
            for known in self.calls.values()
            for at_us, amount in self.parts(known, name)
            if at_us // bucket.slot_us >= (self.now_us - bucket.rolling_us) // bucket.slot_us
        )

    def parts(self, known: Known, name: str) -> list[tuple[int, int]]:
        """What counts of a call, and from when on."""
        if name != "tokens":
            return [(known.at_us, 1)]
        used = known.reserved if known.used is None else known.used
        more = max(0, used - known.reserved)
        return [(known.at_us, min(used, known.reserved)), (known.ended_us, more)]

    @invariant()
    def rates_count_what_the_list_does(self) -> None:
        """Calls at once as soon as somebody looked for the dead, which a refusal does."""
        if any(known.is_open and known.process not in self.processes for known in self.calls.values()):
            self.run("reap", self.now_us)
            self.reaped()
        asked = wants(1)
        found = self.run("look", list(asked.values()), self.now_us, index=len(self.calls))
        counts = {name: each.settled + each.held for name, each in zip(asked, found, strict=True)}
        assert counts == {name: self.counted(name) for name in asked}


Machine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestMachine = Machine.TestCase
