"""What the writer of a fleet's process does of itself, and in which order."""

import asyncio
import time
from contextlib import closing

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.fleet.fleets import Clock, Fleet, asked, in_journal, is_admitted, quiet, want
from tests.tollway.ledger.limits import DAY_US, MINUTE_US, Limit, Limits, ended, opened
from tests.tollway.ledger.rates import counted, within
from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.ledger.stores import wait_for_log
from tollway.budget.amounts import Amounts, Unit
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import desk, log, writer
from tollway.ledger.fleet.describing import AFTER_US
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.fleet.server import Server, where
from tollway.ledger.store import Outdated

ROLLING = Limit("rolling", window_us=90 * MINUTE_US, rolling=True)
LIMITS = Limits(Limit())
WANTS = [want()]
TOKENS = within(1_000, hold=400, unit=Unit.TOKENS)


def logged(fleet: Fleet) -> list[str]:
    """The calls in the fleet's log."""
    with closing(Server(where(fleet.url()))) as redis:
        return [each.id for each in log.portion(redis, fleet.names, log.BEGINNING, 9_999).calls]


async def test_who_ends_a_call_is_told_what_all_nodes_have(fleet: Fleet) -> None:
    """And who lowers what one holds."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        assert await is_admitted(one, opened("a"), WANTS)
        assert await is_admitted(two, opened("b"), WANTS)
        (first,) = await one.lower("a", Amounts(nano=60, requests=1))
        await two.settle(ended(opened("b"), 70))
        (second,) = await one.settle(ended(opened("a"), 40))

        assert (first.settled, first.held) == (0, 160)
        assert (second.settled, second.held) == (110, 0)


async def test_who_ends_a_call_while_redis_is_away_is_told_what_is_known(frail: Fleet) -> None:
    """The own part as it is."""
    with closing(frail.node("1")) as one:
        with closing(frail.node("2")) as two:
            assert await is_admitted(two, opened("b"), WANTS)
        assert await is_admitted(one, opened("a"), WANTS)
        (told,) = await one.lower("a", Amounts(nano=90, requests=1))
        assert told.held == 190
        frail.server.kill()
        (told,) = await one.settle(ended(opened("a"), 40))

        assert (told.settled, told.held) == (40, 100)
        assert await one.lower("none", None) == ()


async def test_what_has_left_a_window_that_rolls_is_told_though_nobody_calls(fleet: Fleet) -> None:
    rolls = want(ROLLING)
    with closing(fleet.node()) as node:
        assert await is_admitted(node, opened(), [rolls])
        await node.settle(ended(opened(), 40, NOON_US))
        assert fleet.row(rolls.bucket) == (40, 0)
        fleet.clock.pass_by(91 * 60)
        await quiet(node)

        assert fleet.row(rolls.bucket) == (0, 0)
        assert in_journal(fleet.journals()[0])[0][1:] == (0, 0)


async def test_buckets_of_windows_long_over_are_let_go_of(fleet: Fleet) -> None:
    """A node is known for no more than what it has."""
    parts = fleet.names.parts
    with closing(fleet.node()) as node, closing(fleet.client()) as client:
        assert await is_admitted(node, opened(), WANTS)
        await node.settle(ended(opened(), 40))
        assert client.scard(parts(node._node)) == 1
        fleet.clock.pass_by((DAY_US + AFTER_US) / 1_000_000)
        await quiet(node)

        assert client.scard(parts(node._node)) == 0


async def test_buckets_that_expired_do_not_come_back_with_the_next_process(fleet: Fleet) -> None:
    """They would stay for good."""
    key = fleet.names.bucket(WANTS[0].bucket)
    with closing(fleet.node()) as node:
        assert await is_admitted(node, opened(), WANTS)
        await node.settle(ended(opened(), 40))
    with closing(fleet.client()) as client:
        client.delete(key)
        fleet.clock.pass_by(3 * DAY_US / 1_000_000)
        with closing(fleet.node()) as node:
            await node.look([want(at_us=fleet.clock.now_us)], fleet.clock.now_us)

        assert not client.exists(key)
        assert client.scard(fleet.names.parts(node._node)) == 0


async def test_all_keys_of_buckets_expire(fleet: Fleet) -> None:
    """Also of a window that ended long before a call in it did."""
    with closing(fleet.node()) as node, closing(fleet.client()) as client:
        old_us = NOON_US - 30 * DAY_US
        assert await is_admitted(node, opened("old", at_us=old_us), [want(at_us=old_us), TOKENS])
        assert await is_admitted(node, opened("new"), WANTS)
        await node.settle(ended(opened("old", at_us=old_us), 40, NOON_US))
        keys = [key for kind in ("limit", "window") for key in client.keys(fleet.names.named(f"{kind}:*"))]

        assert len(keys) == 3
        assert all(client.pttl(key) > 0 for key in keys)


async def test_rows_that_end_while_redis_is_away_are_logged_once_it_is_back(frail: Fleet) -> None:
    with closing(frail.node()) as node:
        await node.record(call("a"))
        frail.server.kill()
        await node.record(call("b"))
        with pytest.raises(LedgerError):
            await node.look(WANTS, NOON_US)
        frail.server.start()
        frail.clock.pass_by(desk.AGAIN_SECONDS)
        wait_for_log(frail.url())

    assert logged(frail)[-1] == "b"


async def test_rows_that_a_killed_process_did_not_log_the_next_one_does(frail: Fleet) -> None:
    frail.server.kill()
    with closing(frail.node()) as node:
        await node.record(call("a"))
    frail.server.start()
    with closing(frail.node()):
        wait_for_log(frail.url())

    assert logged(frail) == ["a"]


async def test_many_rows_are_logged_bit_by_bit_while_calls_wait(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is lost of it, and the calls are served."""
    monkeypatch.setattr(writer, "MOST_LOGGED", 1)

    class Running(Clock):
        def monotonic(self) -> float:
            self.monotonic_s += 1
            return self.monotonic_s

    with closing(fleet.node(clock=Running())) as node:
        written = [node.record(call(f"c{n}")) for n in range(60)]
        for n in range(60):
            assert await is_admitted(node, opened(f"r{n}"), [want(Limit(amount=10**6))])
        await asyncio.gather(*written)
        wait_for_log(fleet.url())

    assert sorted(set(logged(fleet))) == sorted(f"c{n}" for n in range(60))


async def test_a_row_that_cant_be_read_is_no_end_of_the_node(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(fleet.node()) as node:
        await node.record(call("a"))
        await node._writer.put(lambda db, fit: db.execute("UPDATE calls SET tags = '{'") and None)
        fleet.clock.pass_by(1)
        await quiet(node)

        assert await is_admitted(node, opened("b"), WANTS)
    assert "JSONDecodeError" in caplog.text


async def test_an_end_that_cant_be_read_keeps_a_node_from_nothing_else(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(fleet.node()) as node, closing(fleet.client()) as client:
        client.rpush(fleet.names.named(f"inbox:{node._node}"), b"\xc1")
        fleet.clock.pass_by(1)
        await node.record(call("a"))
        await quiet(node)
        wait_for_log(fleet.url())

        assert await is_admitted(node, opened("b"), WANTS)
    assert "DecodeError" in caplog.text


async def test_an_answer_that_is_none_of_ours_refuses_the_calls_that_asked(fleet: Fleet) -> None:
    """And no others."""
    with closing(fleet.node()) as node, closing(fleet.client()) as client:
        client.set(fleet.names.bucket(WANTS[0].bucket), "x")
        with pytest.raises(LedgerError, match="WRONGTYPE"):
            await asked(node, opened("a"), WANTS)
        client.delete(fleet.names.bucket(WANTS[0].bucket))
        fleet.clock.pass_by(desk.AGAIN_SECONDS)

        assert await is_admitted(node, opened("b"), WANTS)


async def test_what_cant_be_asked_is_not(node: FleetLedger) -> None:
    """A hold below zero; limits that are others by now."""
    with pytest.raises(LedgerError, match="call a: a hold is below zero"):
        await asked(node, opened(), [replace(WANTS[0], hold=-1)])
    await node.adopt(LIMITS, NOON_US)

    assert await node.reserve(opened(), WANTS, NOON_US, under=Limits()) == Outdated()


async def test_what_rates_are_to_count_less_is_told_with_the_next_exchange(fleet: Fleet) -> None:
    """A call used less than it reserved, and another more."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        for id, used in (("a", 100), ("b", 500)):
            assert await is_admitted(one, opened(id), [TOKENS])
            await one.settle(ended(opened(id), used, NOON_US))

        assert await counted(two, TOKENS) == 600


async def test_what_rates_are_to_count_less_is_forgotten_where_redis_is_away_and_more_is_not(
    frail: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts too much leaves with its window; so many wait at the most, the newest."""
    monkeypatch.setattr(desk, "MOST_CORRECTIONS", 3)
    tokens = [within(1_000, hold=100, unit=Unit.TOKENS)]
    with closing(frail.node()) as node:
        for n in range(5):
            assert await is_admitted(node, opened(f"c{n}"), tokens)
        frail.server.kill()
        await node.settle(ended(opened("c0"), 50, NOON_US))
        for n in range(1, 5):
            await node.settle(ended(opened(f"c{n}"), 100 + n, NOON_US))
        frail.server.start()
        frail.clock.pass_by(desk.AGAIN_SECONDS)
        await quiet(node)

        assert await counted(node, tokens[0]) == 2 + 3 + 4


async def test_what_is_remembered_of_the_fleet_outlives_the_process(fleet: Fleet) -> None:
    """The server that was told all, and who else was there."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        end = time.monotonic() + 20
        while two._node not in one._writer._remembered.peers or not two._writer._remembered.peers:
            assert time.monotonic() < end
            fleet.clock.pass_by(1)
            await quiet(one)
            await quiet(two)
    with closing(fleet.node("1")) as again:
        known = again._writer._remembered

    assert known.node == one._node
    assert known.peers == (two._node,)
    assert known.server == fleet.client().info("server")["run_id"]
