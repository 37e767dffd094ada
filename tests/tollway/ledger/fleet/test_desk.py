"""One node's dealings with Redis, when Redis is not as it was."""

import asyncio
import shutil
import threading
import time
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.ports import free_port
from tests.redis_server import RedisServer
from tests.tollway.ledger.fleet.fleets import Clock, Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.machine import die
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.connect import connect_to_read
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet import dead
from tollway.ledger.fleet.asking import Ask
from tollway.ledger.fleet.desk import AGAIN_SECONDS, EXCHANGE, JOIN, LEASE_US, Desk
from tollway.ledger.fleet.journal import Acquaintance, acquaintance
from tollway.ledger.fleet.ledger import FleetLedger
from tollway.ledger.fleet.mirror import MOST_AT_ONCE
from tollway.ledger.fleet.server import Server, where
from tollway.ledger.store import BucketRow, Refused, Reserved

LIMITS = Limits(Limit(amount=1_000))
WANTS = [want()]
SOFT = [want(Limit("soft", enforce=Enforce.SOFT))]
LEASE_SECONDS = LEASE_US / 1_000_000


async def beat(*nodes: FleetLedger, clock: Clock) -> None:
    """A second passes, and all are heard of."""
    clock.pass_by(AGAIN_SECONDS + 0.1)
    for node in nodes:
        await quiet(node)


def desk_of(fleet: Fleet, process: str = "p", node: str = "") -> Desk:
    """One with the name of the first journal, which nobody has, or with another."""
    with closing(connect_to_read(fleet.journals()[0])) as db:
        known = Acquaintance(node) if node else acquaintance(db)
    clock = fleet.clock
    return Desk(Server(where(fleet.url())), fleet.names, known, process, clock.now, clock.monotonic, 0)


async def test_nodes_share_what_is_left_of_a_hard_limit(fleet: Fleet) -> None:
    """Ten calls of 100 fit, whoever asks."""
    with closing(fleet.node()) as one, closing(fleet.node("2")) as two:
        calls = [is_admitted((one, two)[n % 2], opened(f"c{n}"), WANTS) for n in range(30)]
        assert sum(await asyncio.gather(*calls)) == 10
        assert fleet.row(WANTS[0].bucket) == (0, 1_000)


async def test_a_server_that_hangs_costs_one_call_its_time_and_no_others(frail: Fleet) -> None:
    """Once it goes on, and is tried again, all is as the journals say: what it runs late changes nothing."""
    frail.plain += "&timeout=2"
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, frail.clock.now_us)
        assert await is_admitted(node, opened("before"), WANTS)
        frail.server.pause()
        with pytest.raises(LedgerError, match=r"Redis does not answer .*see that it runs"):
            await asyncio.wait_for(asked(node, opened("late"), WANTS), 20)
        since = time.monotonic()
        for n in range(20):
            with pytest.raises(LedgerError, match="does not answer"):
                await asked(node, opened(f"soon{n}"), WANTS)
        assert time.monotonic() - since < 2
        await node.settle(ended(opened("before"), 30))
        frail.server.go_on()
        with pytest.raises(LedgerError):
            await asked(node, opened("too-soon"), WANTS)
        frail.clock.pass_by(AGAIN_SECONDS)

        assert await is_admitted(node, opened("after"), WANTS)
        assert frail.row(WANTS[0].bucket) == (30, 100)
        assert frail.shared() == frail.parts()


async def test_what_a_session_asked_that_is_over_is_not_run(fleet: Fleet) -> None:
    """It was in a socket's buffer, say."""
    with closing(fleet.node()) as node:
        assert await is_admitted(node, opened(), WANTS)
        before = fleet.shared()
        names, (key,) = fleet.names, before
        (name,) = fleet.client().hkeys(names.nodes)
        values = (
            name,
            "1-a:1",
            0,
            0,
            msgspec.msgpack.encode(([(0, 7, 7, 0, "", 0)], [], [], [], True, True)),
        )
        keys = (names.meta, names.nodes, names.leases, names.awaited, names.parts("x"), names.buckets, key)
        with closing(Server(where(fleet.url()))) as server:
            assert msgspec.msgpack.decode(server.run(EXCHANGE, keys, values)) == ["join"]

    assert fleet.shared() == before


@pytest.mark.parametrize("options", [(), ("--appendonly", "yes", "--appendfsync", "always")])
async def test_a_server_started_anew_has_hard_limits_closed_until_all_have_told_theirs(
    tmp_path: Path, options: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    """With its data or without; the node that joined first knows of the one that came after it, too."""
    with closing(RedisServer(tmp_path / "redis", *options)) as server:
        fleet, late = Fleet(server, tmp_path), Clock()
        with closing(fleet.node()) as one, closing(fleet.node("2", late)) as two:
            for node in (one, two):
                await node.adopt(LIMITS, late.now_us)
                assert await is_admitted(node, opened(f"c{id(node)}"), WANTS)
            await beat(one, clock=fleet.clock)
            server.kill()
            for node in (one, two):
                with pytest.raises(LedgerError, match="does not answer"):
                    await node.look(WANTS, late.now_us)
            await one.settle(ended(opened(f"c{id(one)}"), 70))
            server.start()
            fleet.clock.pass_by(AGAIN_SECONDS)

            with pytest.raises(LedgerError, match="closed until every process has told"):
                await asked(one, opened("closed"), WANTS)
            assert await is_admitted(one, opened("soft"), SOFT)
            late.pass_by(AGAIN_SECONDS)
            await two.look(WANTS, late.now_us)
            assert await is_admitted(one, opened("open"), WANTS)
            assert fleet.row(WANTS[0].bucket) == (70, 200)
            assert fleet.shared() == fleet.parts()
    assert "another server answers than before" in caplog.text
    assert "Redis is back" in caplog.text


@pytest.mark.parametrize(
    ("options", "loses", "is_said"),
    [
        (("--appendonly", "yes", "--appendfsync", "always"), True, True),
        (("--appendonly", "yes", "--appendfsync", "always"), False, False),
        ((), True, False),
    ],
    ids=["it lost its file", "it read its file", "it keeps none"],
)
async def test_that_redis_did_not_read_what_it_keeps_is_said(
    options: tuple[str, ...], loses: bool, is_said: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As where its user `default` has no rights: it leaves out what scripts wrote, and thinks that fine."""
    with closing(RedisServer(tmp_path / "redis", *options)) as server:
        fleet = Fleet(server, tmp_path)
        with closing(fleet.node()) as one, closing(fleet.node("2")) as two:
            for node in (one, two):
                await node.adopt(LIMITS, fleet.clock.now_us)
                assert await is_admitted(node, opened(f"c{id(node)}"), WANTS)
            server.kill()
            if loses:
                shutil.rmtree(tmp_path / "redis" / "appendonlydir", ignore_errors=True)
            for node in (one, two):
                with pytest.raises(LedgerError, match="does not answer"):
                    await node.look(WANTS, fleet.clock.now_us)
            server.start()
            fleet.clock.pass_by(AGAIN_SECONDS)
            for node in (one, two):
                await node.look(WANTS, fleet.clock.now_us)
    assert caplog.text.count("lacks the rights to read it") == is_said


async def test_limits_open_again_after_a_lease_though_a_node_is_gone(frail: Fleet) -> None:
    """It may never tell."""
    with closing(frail.node()) as one:
        with closing(frail.node("2")) as two:
            assert await is_admitted(two, opened("there"), WANTS)
            await beat(one, two, clock=frail.clock)
        frail.server.kill()
        with pytest.raises(LedgerError):
            await one.look(WANTS, frail.clock.now_us)
        frail.server.start()
        frail.clock.pass_by(AGAIN_SECONDS)
        with pytest.raises(LedgerError, match="closed"):
            await asked(one, opened("closed"), WANTS)
        frail.clock.pass_by(LEASE_SECONDS)

        assert await is_admitted(one, opened("open"), WANTS)


async def test_a_replica_that_lacks_the_last_writes_has_them_told_again(tmp_path: Path) -> None:
    """Also of a bucket that the node had let go of: nothing is held there, and the replica thinks so."""
    port = free_port()
    with (
        closing(RedisServer(tmp_path / "redis", "--port", str(port))) as server,
        closing(RedisServer(tmp_path / "replica", "--replicaof", f"127.0.0.1 {port}")) as replica,
    ):
        fleet = Fleet(server, tmp_path)
        with closing(fleet.node()) as node:
            assert await is_admitted(node, opened("gone"), SOFT)
            assert await is_admitted(node, opened("stays"), WANTS)
            with closing(replica.client()) as client, closing(server.client()) as primary:
                while not client.info("replication").get("master_link_status") == "up":
                    time.sleep(0.01)
                primary.wait(1, 10_000)
                client.replicaof("NO", "ONE")
            await node.settle(ended(opened("gone"), 0))
            await node.settle(ended(opened("stays"), 40))
            await beat(node, clock=fleet.clock)
            fleet.clock.monotonic_s += 60
            await quiet(node)
            server.kill()
            with pytest.raises(LedgerError):
                await node.look(WANTS, fleet.clock.now_us)
            (tmp_path / "replica" / "redis.sock").rename(tmp_path / "redis" / "redis.sock")
            await beat(node, clock=fleet.clock)

            assert fleet.row(WANTS[0].bucket) == (40, 0)
            assert fleet.row(SOFT[0].bucket) == (0, 0)
            assert fleet.shared() == fleet.parts()
            assert await is_admitted(node, opened("on"), WANTS)


async def test_a_node_taken_for_dead_is_charged_what_it_held_until_it_says_otherwise(fleet: Fleet) -> None:
    """It was suspended, and settles late."""
    slow, go_on = Clock(), threading.Event()
    with closing(fleet.node(clock=slow)) as one, closing(fleet.node("2")) as two:
        await one.adopt(LIMITS, slow.now_us)
        assert await is_admitted(one, opened(), WANTS)
        suspended = one._writer.put(lambda db, fit: go_on.wait(60))
        fleet.clock.pass_by(LEASE_SECONDS + 10)
        try:
            await two.reap(fleet.clock.now_us)
            await quiet(two)
            assert fleet.row(WANTS[0].bucket) == (100, 0)
            assert isinstance(await asked(two, opened("b"), [want(hold=901)]), Refused)
        finally:
            go_on.set()
        assert await suspended
        await one.settle(ended(opened(), 30))

        assert fleet.row(WANTS[0].bucket) == (30, 0)
        assert fleet.shared() == fleet.parts()


async def test_a_clock_that_is_far_ahead_takes_others_for_dead_and_no_sum_is_wrong(fleet: Fleet) -> None:
    """They tell again."""
    ahead = Clock(fleet.clock.now_us + 3_600_000_000)
    with closing(fleet.node()) as one, closing(fleet.node("2", ahead)) as two:
        assert await is_admitted(one, opened("a"), WANTS)
        for n in range(3):
            await two.reap(ahead.now_us)
            assert await is_admitted(two, opened(f"b{n}", at_us=ahead.now_us), WANTS)
            assert await is_admitted(one, opened(f"a{n}"), WANTS)

        assert fleet.shared() == fleet.parts()
        assert fleet.row(WANTS[0].bucket) == (0, 700)


async def test_what_was_admitted_by_a_process_that_died_before_it_wrote_so_is_given_back(
    fleet: Fleet,
) -> None:
    """The next process of the journal tells what the journal says."""
    fleet.node().close()
    desk = desk_of(fleet)
    with closing(desk):
        (outcome,) = desk.exchange([Ask(opened(), WANTS, fleet.clock.now_us, None)])
    assert isinstance(outcome, Reserved)
    assert fleet.row(WANTS[0].bucket) == (0, 100)

    with closing(fleet.node()) as node:
        await node.look(WANTS, fleet.clock.now_us)
        assert fleet.row(WANTS[0].bucket) == (0, 0)


async def test_what_was_admitted_and_cant_be_written_is_given_back(node: FleetLedger, fleet: Fleet) -> None:
    """The call was held before."""
    assert await is_admitted(node, opened(), WANTS)
    with pytest.raises(LedgerError, match="it was held before"):
        await asked(node, opened(), WANTS)
    await node.look(WANTS, fleet.clock.now_us)

    assert fleet.row(WANTS[0].bucket) == (0, 100)


async def test_the_next_process_of_a_journal_charges_what_the_dead_one_held(fleet: Fleet) -> None:
    """At its bound; a late settlement takes its place."""
    dead = fleet.node()
    await dead.adopt(LIMITS, fleet.clock.now_us)
    assert await is_admitted(dead, opened(), WANTS)
    die(dead)
    dead._journal.let_go()
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, fleet.clock.now_us)
        await node.look(WANTS, fleet.clock.now_us)
        assert fleet.row(WANTS[0].bucket) == (100, 0)
        await node.settle(ended(opened(), 30))

        assert fleet.row(WANTS[0].bucket) == (30, 0)
    dead.close()


async def test_scripts_that_redis_forgot_are_loaded_again(node: FleetLedger, fleet: Fleet) -> None:
    assert await is_admitted(node, opened("a"), WANTS)
    fleet.client().script_flush()

    assert await is_admitted(node, opened("b"), WANTS)


async def test_much_that_is_to_be_told_is_told_before_calls_are_admitted(fleet: Fleet) -> None:
    """On joining, and later; in exchanges that take Redis some milliseconds each."""
    fleet.node().close()
    limits = [want(Limit(f"limit {n}", amount=10)) for n in range(2 * MOST_AT_ONCE + 1)]
    with closing(desk_of(fleet)) as desk:
        for settled in (3, 5):
            for each in limits:
                name = fleet.names.bucket(each.bucket)
                desk.mirror.stands(name, standing(settled, bucket=each.bucket))
            (outcome,) = desk.exchange([Ask(opened(), [replace(limits[-1], hold=8)], NOON_US, None)])

            assert isinstance(outcome, Refused)
            assert outcome.balances[0].settled == settled
            assert [part["settled"] for part in fleet.shared().values()] == [settled] * len(limits)


async def test_a_node_that_joined_without_hearing_of_it_tells_all_again(fleet: Fleet) -> None:
    """It was taken for dead; then Redis hung, and let it in after it had given up waiting."""
    fleet.node().close()
    one, two = desk_of(fleet), desk_of(fleet, node="other")
    with closing(one), closing(two):
        one.exchange([Ask(opened(), WANTS, NOON_US, None)])
        one.mirror.stands(fleet.names.bucket(WANTS[0].bucket), standing(held=100))
        fleet.clock.pass_by(LEASE_SECONDS + 1)
        two.exchange()
        dead.reap(two, fleet.clock.now_us)
        assert fleet.row(WANTS[0].bucket) == (100, 0)
        now_us, names = fleet.clock.now_us, fleet.names
        values = (
            one.known.node,
            "p:2",
            now_us,
            now_us + LEASE_US,
            LEASE_US,
            0,
            one.known.server,
            b"\x90",
            "p:1",
        )
        two._server.run(JOIN, (names.meta, names.nodes, names.leases, names.awaited), values)
        one.exchange()

        assert fleet.row(WANTS[0].bucket) == (0, 100)


def standing(settled: int = 0, held: int = 0, bucket: Bucket = WANTS[0].bucket) -> BucketRow:
    """How a bucket stands in a journal."""
    return BucketRow(
        bucket=bucket, amount=10, enforce=Enforce.HARD, settled=settled, held=held, started_us=NOON_US
    )


async def test_a_node_whose_others_could_not_be_told_has_not_joined(fleet: Fleet) -> None:
    """It asks to have them told again with its next try."""
    asked_for: list[str] = []

    def others(server: str, lost: bool) -> bool:
        asked_for.append(server)
        if len(asked_for) == 1:
            raise LedgerError("they were not told")
        return True

    known, moment = Acquaintance("n"), fleet.clock
    desk = Desk(Server(where(fleet.url())), fleet.names, known, "p", moment.now, moment.monotonic, 0, others)
    with pytest.raises(LedgerError, match="they were not told"):
        desk.look(WANTS, moment.now_us)
    assert not desk.is_joined

    desk.look(WANTS, moment.now_us)
    desk.look(WANTS, moment.now_us)
    assert desk.is_joined
    assert len(asked_for) == 2
    desk.close()


async def test_two_processes_with_one_name_are_told_of_it(fleet: Fleet) -> None:
    """A journal was copied, with the machine it is on: each would tell its own sums as the other's."""
    fleet.node().close()
    one, two = desk_of(fleet), desk_of(fleet, "q")
    with closing(one), closing(two):
        one.exchange()
        two.exchange()
        with pytest.raises(LedgerError, match="another process writes in the name of this one"):
            one.exchange()
        two.exchange()
