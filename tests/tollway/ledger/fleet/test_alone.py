"""While Redis is away: what each limit does, by what was set aside for the process and what it knows."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, closing
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
from tests.tollway.ledger.fleet.fleets import Clock, Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.rates import at_once, within
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Away, Enforce, Want
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.desk import LEASE_US, MARGIN_US
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.store import Reached, Reserved
from tollway.model import CallRecord

HARD, SOFT = Limit("hard", 2_000), Limit("soft", 1_000, enforce=Enforce.SOFT)
LIMITS = Limits(HARD, SOFT)
BEATS = 6.0
"""Seconds after which it is looked what is set aside."""


async def beat(*nodes: FleetLedger, clock: Clock, seconds: float = BEATS) -> None:
    """Time passes, and each node is heard of."""
    clock.pass_by(seconds)
    for node in nodes:
        await quiet(node)
        node._writer._beaten -= BEATS
        await quiet(node)


async def spends(node: FleetLedger, name: str, wants: list[Want], nano: int = 0) -> None:
    """A call that is admitted, and ends."""
    assert await is_admitted(node, opened(name, at_us=NOON_US), wants)
    await node.settle(ended(opened(name), nano))


def local(limit: Limit = HARD, hold: int = 100, **fields: Any) -> list[Want]:
    """What a call wants of a limit that goes on locally."""
    return [want(limit, hold, away=Away.LOCAL, **fields)]


async def test_a_hard_limit_admits_what_was_set_aside_for_the_process(frail: Fleet) -> None:
    """A fortieth of what is left."""
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await spends(node, "first", local(), 400)
        await quiet(node)
        assert frail.row(local()[0].bucket) == (400, 40)
        frail.server.kill()

        assert isinstance(await asked(node, opened("a"), local(hold=25)), Reserved)
        with pytest.raises(LedgerError, match=r"limit hard had set aside for this process .* too little"):
            await asked(node, opened("b"), local(hold=16))
        assert isinstance(await asked(node, opened("c"), local(hold=15)), Reserved)
        await node.settle(ended(opened("a"), 5))
        assert isinstance(await asked(node, opened("d"), local(hold=20)), Reserved)
        with pytest.raises(LedgerError):
            await asked(node, opened("e"), local(hold=1))

        frail.server.start()
        await beat(node, clock=frail.clock)
        assert sum(frail.row(local()[0].bucket)) >= 400 + 5 + 15 + 20


async def test_those_that_come_at_once_share_it(frail: Fleet) -> None:
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await spends(node, "first", local())
        await quiet(node)
        frail.server.kill()
        calls = [asked(node, opened(f"c{n}"), local(hold=20)) for n in range(6)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)

        assert [isinstance(each, Reserved) for each in outcomes] == [True, True, False, False, False, False]


async def test_nothing_is_set_aside_for_who_has_asked_for_none(fleet: Fleet, node: FleetLedger) -> None:
    """By its first call; nor where the limit does not go on locally."""
    await node.adopt(LIMITS, NOON_US)
    await spends(node, "closed", [want(HARD)])
    await spends(node, "open", [want(HARD, away=Away.OPEN)])
    await spends(node, "soft", local(SOFT))
    await quiet(node)

    assert fleet.row(want(HARD).bucket) == (0, 0)
    assert fleet.row(want(SOFT).bucket) == (0, 0)


async def test_what_is_set_aside_is_given_back_as_a_limit_comes_to_its_end(fleet: Fleet) -> None:
    """Also by a process that has nothing to do."""
    with closing(fleet.node()) as one, closing(fleet.node("2")) as two:
        await one.adopt(LIMITS, NOON_US)
        await two.adopt(LIMITS, NOON_US)
        await spends(one, "first", local())
        await quiet(one)
        assert fleet.row(local()[0].bucket) == (0, 50)
        await spends(two, "second", local(), 1_820)
        await beat(one, two, clock=fleet.clock)

        assert fleet.row(local()[0].bucket) == (1_820, 0)
        assert await is_admitted(two, opened("last"), local(hold=180))


async def test_of_many_processes_all_together_have_a_tenth_set_aside(fleet: Fleet) -> None:
    """Of what is left."""
    with ExitStack() as stack:
        nodes = [stack.enter_context(closing(fleet.node(str(n)))) for n in range(8)]
        for node in nodes:
            await node.adopt(LIMITS, NOON_US)
            await quiet(node)
        for n, node in enumerate(nodes):
            await spends(node, f"c{n}", local())
            await quiet(node)
        settled, held = fleet.row(local()[0].bucket)

        assert settled == 0
        assert 150 <= held <= 200


async def test_what_nobody_uses_is_given_back(fleet: Fleet, node: FleetLedger) -> None:
    await node.adopt(LIMITS, NOON_US)
    await spends(node, "first", local())
    await quiet(node)
    await beat(node, clock=fleet.clock)
    assert fleet.row(local()[0].bucket) == (0, 50)
    await beat(node, clock=fleet.clock, seconds=601)

    assert fleet.row(local()[0].bucket) == (0, 0)
    await beat(node, clock=fleet.clock)
    assert not node._desk.mirror._aside


async def test_a_process_that_ends_gives_back_what_was_set_aside(fleet: Fleet) -> None:
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await spends(node, "first", local())
        await quiet(node)
        assert fleet.row(local()[0].bucket) == (0, 50)

    assert fleet.row(local()[0].bucket) == (0, 0)


async def test_what_was_set_aside_holds_for_as_long_as_the_lease(frail: Fleet) -> None:
    """Whoever comes after it may not know of it."""
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await spends(node, "first", local())
        await quiet(node)
        frail.server.kill()
        frail.clock.pass_by((LEASE_US - MARGIN_US) / 1_000_000 - 1)
        assert isinstance(await asked(node, opened("a"), local(hold=5)), Reserved)
        frail.clock.pass_by(2)
        with pytest.raises(LedgerError):
            await asked(node, opened("b"), local(hold=5))


async def test_a_process_that_begins_without_redis_has_nothing_set_aside(frail: Fleet) -> None:
    frail.server.kill()
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        with pytest.raises(LedgerError, match="set aside"):
            await asked(node, opened("a"), local(hold=1))


async def test_open_admits_all_and_tells_once_redis_is_back(frail: Fleet) -> None:
    """What it comes to counts, and is over the limit if it was more."""
    wants = [want(HARD, 900, away=Away.OPEN)]
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        frail.server.kill()
        assert isinstance(await asked(node, opened("a"), wants), Reserved)
        assert isinstance(await asked(node, opened("b"), wants), Reserved)
        await node.settle(ended(opened("a"), 700))
        frail.server.start()
        await beat(node, clock=frail.clock)

        assert frail.row(wants[0].bucket) == (700, 900)


async def test_open_is_open_too_while_redis_has_lost_its_data(tmp_path: Path) -> None:
    """When hard limits are closed."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        fleet = Fleet(server, tmp_path)
        fleet.plain = fleet.plain.replace("grace=0", "grace=9")
        with closing(fleet.node()) as node:
            fleet.clock.pass_by(10)
            with pytest.raises(LedgerError, match="closed"):
                await asked(node, opened("hard"), local())
            assert isinstance(await asked(node, opened("open"), [want(HARD, away=Away.OPEN)]), Reserved)


async def test_a_soft_limit_goes_on_by_what_is_known(frail: Fleet) -> None:
    with closing(frail.node()) as one, closing(frail.node("2")) as two:
        await one.adopt(LIMITS, NOON_US)
        await spends(two, "others", local(SOFT), 700)
        await spends(one, "own", local(SOFT), 200)
        await quiet(one)
        frail.server.kill()
        outcome = await asked(one, opened("a"), local(SOFT, 100))
        assert isinstance(outcome, Reserved)
        assert (outcome.balances[0].settled, outcome.balances[0].held) == (900, 100)
        with pytest.raises(LedgerError, match=r"as far as this process knows, limit soft \(.*\) has no room"):
            await asked(one, opened("b"), local(SOFT, 1))
        (balance,) = await one.look(local(SOFT), NOON_US)
        assert balance.left == 0


async def test_where_it_has_come_to_a_level_the_call_goes_elsewhere(frail: Fleet) -> None:
    """As far as it is known."""
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        await spends(node, "own", local(SOFT), 600)
        frail.server.kill()
        outcome = await asked(node, opened("a"), local(SOFT, below=500))

        assert isinstance(outcome, Reached)
        assert outcome.by == (0,)


async def test_of_a_rate_each_process_counts_what_it_admits(frail: Fleet) -> None:
    often, wide = replace(within(3), away=Away.LOCAL), replace(at_once(2), away=Away.LOCAL)
    with closing(frail.node()) as node:
        assert await is_admitted(node, opened("before"), [often])
        frail.server.kill()
        assert isinstance(await asked(node, opened("a"), [often, wide]), Reserved)
        assert isinstance(await asked(node, opened("b"), [often, wide]), Reserved)
        with pytest.raises(LedgerError, match="as far as this process knows, limit often"):
            await asked(node, opened("c"), [often])
        with pytest.raises(LedgerError):
            await asked(node, opened("d"), [wide])
        await node.settle(ended(opened("a"), 0))
        assert isinstance(await asked(node, opened("e"), [wide]), Reserved)


async def test_one_limit_that_is_closed_closes_it(frail: Fleet) -> None:
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        frail.server.kill()
        with pytest.raises(LedgerError, match="does not answer"):
            await asked(node, opened("a"), [*local(SOFT), want(HARD)])
        with pytest.raises(LedgerError, match="does not answer"):
            await node.look([*local(SOFT), want(HARD)], NOON_US)


class Machine(RuleBasedStateMachine):
    """Processes race for a hard limit while Redis is killed, loses its data, and is back."""

    server: RedisServer

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.fleet = Fleet(self.server, Path(self.folder.name))
        self.nodes = [self.fleet.node(name) for name in "012"]
        for node in self.nodes:
            self.run(node.adopt, LIMITS, NOON_US)
        self.is_up = True
        self.calls: list[tuple[FleetLedger, CallRecord]] = []
        self.most = 0

    def teardown(self) -> None:
        """Let go of all, with Redis as it was."""
        if not self.is_up:
            self.server.start()
        for node in self.nodes:
            node.close()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
        self.folder.cleanup()

    def run(self, verb: Callable[..., Any], *values: Any) -> Any:
        """What comes of it."""

        async def do() -> Any:
            return await verb(*values)

        return self.loop.run_until_complete(do())

    @rule(at=st.integers(0, 2), hold=st.sampled_from([1, 5, 10, 40, 150]))
    def reserve(self, at: int, hold: int) -> None:
        """A call asks."""
        now_us = self.fleet.clock.now_us
        call = opened(f"c{len(self.calls)}", hold, now_us)
        wants = [want(HARD, hold, NOON_US, away=Away.LOCAL)]
        try:
            outcome = self.run(asked, self.nodes[at], call, wants, now_us)
        except LedgerError:
            return
        if isinstance(outcome, Reserved):
            self.calls.append((self.nodes[at], call))

    @rule(index=st.integers(0, 9), share=st.sampled_from([0, 50, 100]))
    @precondition(lambda self: self.calls)
    def settle(self, index: int, share: int) -> None:
        """A call ends, at its hold at the most."""
        node, call = self.calls[-1 - index % len(self.calls)]
        assert call.bound is not None
        self.run(node.settle, ended(call, call.bound.nano * share // 100, call.started_us))

    @rule(at=st.integers(0, 2))
    def lower(self, at: int) -> None:
        """The last call of a process turns out to come to less."""
        for node, call in reversed(self.calls):
            if node is self.nodes[at]:
                self.run(node.lower, call.id, Amounts(nano=1, requests=1))
                return

    @rule(loses=st.booleans())
    @precondition(lambda self: self.is_up)
    def fall(self, loses: bool) -> None:
        """Redis dies; or it does, and is there again without its data."""
        self.server.kill()
        self.is_up = False
        if loses:
            self.rise()

    @rule()
    @precondition(lambda self: not self.is_up)
    def rise(self) -> None:
        """It is there again."""
        self.server.start()
        self.is_up = True

    @rule(seconds=st.sampled_from([1.1, 6.0, 30.0, 130.0]), hears=st.sets(st.integers(0, 2)))
    def time_passes(self, seconds: float, hears: set[int]) -> None:
        """Some are heard of, if Redis is there."""
        self.fleet.clock.pass_by(seconds)
        for at in sorted(hears):
            self.run(self.hear, self.nodes[at])

    async def hear(self, node: FleetLedger) -> None:
        """As it is each second."""
        node._writer._beaten -= BEATS
        await quiet(node)

    @invariant()
    def the_limit_is_never_overspent(self) -> None:
        """What all journals have settled and hold."""
        parts = self.fleet.parts().values()
        assert sum(part.total() for part in parts) <= HARD.amount


@pytest.mark.slow
def test_a_hard_limit_is_never_overspent_whatever_becomes_of_redis(tmp_path: Path) -> None:
    with closing(RedisServer(tmp_path / "redis")) as server:
        run_state_machine_as_test(
            type("OnServer", (Machine,), {"server": server}),
            settings=settings(
                max_examples=12,
                stateful_step_count=40,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
