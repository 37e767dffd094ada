"""Whatever is asked, and in whatever order: a fleet of one answers as the ledger in SQLite does."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from tests.redis_server import RedisServer
from tests.tollway.ledger.fleet.fleets import Fleet, quiet
from tests.tollway.ledger.limits import Limits, ended, opened
from tests.tollway.ledger.machine import ALL
from tests.tollway.ledger.rates import SECOND_US, at_once, within
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Enforce, Want
from tollway.ledger.holding import LEASE_US
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Reserved
from tollway.model import CallRecord

LIMITS = Limits(*ALL)


def rates(tokens: int) -> list[Want]:
    """What a call wants of rates."""
    return [
        within(1_000, tokens, unit=Unit.TOKENS),
        within(5),
        replace(within(3, window_us=6 * SECOND_US), enforce=Enforce.SOFT),
        at_once(3),
    ]


class Machine(RuleBasedStateMachine):
    """The same is asked of both."""

    server: RedisServer

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        folder = Path(self.folder.name)
        self.fleet = Fleet(self.server, folder)
        self.clock = self.fleet.clock
        self.ledgers = (SqliteLedger(folder / "ledger.db", now=self.clock.now), self.fleet.node())
        self.calls: dict[str, CallRecord] = {}
        self.open: set[str] = set()

    def teardown(self) -> None:
        """Let go of both."""
        for ledger in self.ledgers:
            ledger.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        self.folder.cleanup()

    def run(self, verb: str, *values: Any) -> Any:
        """Have both do it; what they say, which is the same."""

        async def do() -> list[Any]:
            return [await getattr(ledger, verb)(*values) for ledger in self.ledgers]

        expected, found = self.loop.run_until_complete(do())
        if verb in ("settle", "lower"):  # of rates in windows, a node that is told an end knows its own part
            expected, found = (
                [balance for balance in told if not balance.bucket.slides] for told in (expected, found)
            )
        assert found == expected
        return found

    @initialize(limits=st.sampled_from([LIMITS, Limits(ALL[0], ALL[4], ALL[5])]))
    def adopt(self, limits: Limits) -> None:
        """They keep limits."""
        self.limits = limits
        self.run("adopt", limits, self.clock.now_us)

    @rule(
        nano=st.sampled_from([0, 10, 100, 250, 1_001]),
        team=st.sampled_from(["a", "b", None]),
        groups=st.sampled_from([(), ("x",), ("x", "y")]),
        level=st.sampled_from([None, None, 0, 20, 80]),
        tokens=st.sampled_from([None, 1, 150, 400, 1_001]),
        overlooks=st.booleans(),
        twice=st.booleans(),
    )
    def reserve(
        self, nano: int, team: str | None, groups: tuple[str, ...], level: int | None, tokens: int | None,
        overlooks: bool, twice: bool,
    ) -> None:  # fmt: skip
        """A call asks to be admitted."""
        call = opened(f"c{len(self.calls)}", nano, self.clock.now_us, team=team, groups=groups)
        wants = [*self.limits.wants(call), *(rates(tokens) if tokens is not None else ())]
        if level is not None:
            wants[::2] = [replace(want, below=want.amount * level // 100) for want in wants[::2]]
        if twice:
            wants += [replace(want, hold=want.hold // 2, overlooks=overlooks) for want in wants[::3]]
        outcome = self.run("reserve", call, wants, self.clock.now_us)
        if isinstance(outcome, Reserved):
            self.calls[call.id] = call
            self.open.add(call.id)

    @rule(index=st.integers(0, 9), share=st.sampled_from([0, 30, 100, 130]), fails=st.booleans())
    @precondition(lambda self: self.calls)
    def settle(self, index: int, share: int, fails: bool) -> None:
        """A call ends, or one that ended is amended."""
        call = self.call(index)
        assert call.bound is not None
        done = ended(call, call.bound.nano * share // 100, self.clock.now_us)
        self.run("settle", replace(done, status=500) if fails else done)
        self.open.discard(call.id)

    @rule(index=st.integers(0, 9), share=st.sampled_from([20, 60, 120]), closes=st.booleans())
    @precondition(lambda self: self.calls)
    def lower(self, index: int, share: int, closes: bool) -> None:
        """A call turns out to come to less, or nothing of it is open any more."""
        bound = self.call(index).bound
        assert bound is not None
        amount = bound.nano * share // 100
        lower = Amounts(nano=amount, input_tokens=amount, output_tokens=amount, requests=1)
        self.run("lower", self.call(index).id, lower, closes)

    @rule(team=st.sampled_from(["a", "b", None]))
    def look(self, team: str | None) -> None:
        """Somebody looks at what is left."""
        self.run("look", self.wants(team), self.clock.now_us)

    @rule(seconds=st.sampled_from([0.000001, 0.5, 6, 20, 61, 3_600]))
    def time_passes(self, seconds: float) -> None:
        """Leases of calls in flight are renewed; what has left windows is looked for each minute."""
        self.clock.pass_by(seconds)
        self.clock.monotonic_s += 60
        self.run("extend", sorted(self.open), self.clock.now_us + LEASE_US)
        node = self.ledgers[1]
        self.loop.run_until_complete(quiet(node))
        for team in ("a", "b", None):
            self.look(team)

    def call(self, index: int) -> CallRecord:
        """One of the last that were admitted."""
        return self.calls[list(self.calls)[-1 - index % len(self.calls)]]

    def wants(self, team: str | None) -> list[Want]:
        """What a call would want of all."""
        call = opened("", 1, self.clock.now_us, team=team, groups=("x", "y"))
        return [*self.limits.wants(call), *rates(1)]


@pytest.mark.slow
def test_a_fleet_of_one_answers_as_sqlite_does(server: RedisServer) -> None:
    """Outcomes, balances, and when there will be room."""
    machine = type("OnServer", (Machine,), {"server": server})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
