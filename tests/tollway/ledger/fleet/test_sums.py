"""Whatever happens, and in whatever order: Redis has the sums over all journals."""

import asyncio
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from tests.redis_server import RedisServer
from tests.tollway.ledger.fleet.fleets import Clock, Fleet, in_journal, quiet
from tests.tollway.ledger.limits import MINUTE_US, Limits, ended, opened
from tests.tollway.ledger.machine import ALL, die
from tests.tollway.ledger.rates import at_once
from tollway.budget.amounts import Amounts
from tollway.ledger.fleet.desk import LEASE_US
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.store import Reserved
from tollway.model import CallRecord

LIMITS = Limits(*ALL)
ROLLING_US = 90 * MINUTE_US
"""Of all limits that roll."""
NOTHING = Counter[str]()


class Machine(RuleBasedStateMachine):
    """Several nodes with calls, each on a machine of its own. They come, go and die; one's clock is slow."""

    server: RedisServer

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.fleet = Fleet(self.server, Path(self.folder.name))
        self.clocks = {name: Clock(self.fleet.clock.now_us - (name == "1") * 1_500_000) for name in "012"}
        self.nodes: dict[str, FleetLedger] = {}
        self.heard_us: dict[str, tuple[str, int]] = {}
        """By the node's name: what Redis calls it, and when it was heard of last."""
        self.calls: dict[str, tuple[str, CallRecord]] = {}
        self.start("0")
        self.start("1")

    def teardown(self) -> None:
        """Let go of all."""
        for node in self.nodes.values():
            node.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        self.folder.cleanup()

    def run(self, name: str, verb: str, *values: Any) -> Any:
        """Have a node do it."""

        async def do() -> Any:
            return await getattr(self.nodes[name], verb)(*values)

        return self.loop.run_until_complete(do())

    @rule(name=st.sampled_from("012"))
    def start(self, name: str) -> None:
        """A process comes up, and takes the journal of the one before it; what that one held is told."""
        if name not in self.nodes:
            self.nodes[name] = self.fleet.node(name, self.clocks[name])
            self.run(name, "adopt", LIMITS, self.clocks[name].now_us)
            self.roll(self.nodes[name], self.clocks[name].now_us)
            self.hear()

    def roll(self, node: FleetLedger, now_us: int) -> None:
        """It told what is in its windows as of now; have its file say so, too, which is read below."""
        buckets = [bucket for bucket, _, _ in in_journal(node._journal.path) if bucket.rolling_us is not None]

        async def look() -> None:
            await node._writer.put(lambda db, fit: node._holding.buckets.look(db, buckets, now_us))

        self.loop.run_until_complete(look())

    @rule(name=st.sampled_from("012"), kill=st.booleans())
    @precondition(lambda self: len(self.nodes) > 1)
    def stop(self, name: str, kill: bool) -> None:
        """One ends; some are killed."""
        if (node := self.nodes.pop(name, None)) is not None:
            if kill:
                die(node)
            node.close()

    @rule(
        at=st.integers(0, 2),
        nano=st.sampled_from([0, 10, 100, 250]),
        team=st.sampled_from(["a", "b", None]),
        groups=st.sampled_from([(), ("x", "y")]),
    )
    def reserve(self, at: int, nano: int, team: str | None, groups: tuple[str, ...]) -> None:
        """A call asks to be admitted."""
        name = sorted(self.nodes)[at % len(self.nodes)]
        now_us = self.clocks[name].now_us
        call = opened(f"c{len(self.calls)}", nano, now_us, team=team, groups=groups)
        if isinstance(self.run(name, "reserve", call, [*LIMITS.wants(call), at_once(4)], now_us), Reserved):
            self.calls[call.id] = name, call

    @rule(index=st.integers(0, 9), share=st.sampled_from([0, 30, 100, 130]), fails=st.booleans())
    @precondition(lambda self: self.calls)
    def settle(self, index: int, share: int, fails: bool) -> None:
        """A call ends, or one that ended is amended; or one that its node took for lost."""
        name, call = self.call(index)
        if name in self.nodes:
            assert call.bound is not None
            done = ended(call, call.bound.nano * share // 100, self.clocks[name].now_us)
            self.run(name, "settle", replace(done, status=500) if fails else done)

    @rule(index=st.integers(0, 9), share=st.sampled_from([20, 60, 120]), closes=st.booleans())
    @precondition(lambda self: self.calls)
    def lower(self, index: int, share: int, closes: bool) -> None:
        """A call turns out to come to less."""
        name, call = self.call(index)
        if name in self.nodes:
            assert call.bound is not None
            amount = call.bound.nano * share // 100
            lower = Amounts(nano=amount, input_tokens=amount, output_tokens=amount, requests=1)
            self.run(name, "lower", call.id, lower, closes)

    @rule(seconds=st.sampled_from([0.5, 20, 61, 3_600]))
    def time_passes(self, seconds: float) -> None:
        """Who lives is heard of; the dead are not."""
        for clock in self.clocks.values():
            clock.pass_by(seconds)
            clock.monotonic_s += 60
        self.hear()

    def hear(self) -> None:
        """All that live are heard of."""
        for name, node in self.nodes.items():
            self.loop.run_until_complete(quiet(node))
            self.heard_us[name] = node._node, self.clocks[name].now_us

    @rule(at=st.integers(0, 2))
    def reap(self, at: int) -> None:
        """Somebody looks for the dead."""
        name = sorted(self.nodes)[at % len(self.nodes)]
        self.run(name, "reap", self.clocks[name].now_us)
        self.hear()

    def call(self, index: int) -> tuple[str, CallRecord]:
        """One of the last that were admitted."""
        return self.calls[list(self.calls)[-1 - index % len(self.calls)]]

    @invariant()
    def redis_has_the_sums_over_journals(self) -> None:
        """What the dead held is held there, or charged once they are taken for dead."""
        shared, journals = self.fleet.shared(), self.fleet.parts()
        dead = [self.fleet.parts(name) for name in "012" if name not in self.nodes]
        for name in self.long_dead():
            for bucket, part in self.fleet.parts(name, rolls=True).items():
                if not self.fleet.has_part(bucket, self.heard_us[name][0]):
                    journals[bucket].subtract(part)
        journals = {name: part for name, part in journals.items() if part["settled"] or part["held"]}
        if not any(part["held"] for parts in dead for part in parts.values()):
            assert shared == journals
        for name in shared | journals:
            if ":limit:" in name:
                assert shared.get(name, NOTHING).total() == journals.get(name, NOTHING).total()

    def long_dead(self) -> list[str]:
        """Nodes of which all has left the windows that roll, or is about to."""
        latest_us = max(clock.now_us for clock in self.clocks.values())
        least_us = LEASE_US + ROLLING_US - 5_000_000
        return [
            name
            for name, (_, heard_us) in self.heard_us.items()
            if name not in self.nodes and latest_us - heard_us > least_us
        ]


@pytest.mark.slow
def test_redis_has_the_sums_over_journals(server: RedisServer) -> None:
    """Of nodes that live, that died, and that came back."""
    machine = type("OnServer", (Machine,), {"server": server})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
