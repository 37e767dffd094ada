"""How a fleet's Redis is, over a real one."""

from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Clock, Fleet, asked, is_admitted, quiet, want
from tests.tollway.ledger.limits import Limit, Limits, opened
from tollway import clock
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.desk import AGAIN_SECONDS, LEASE_US
from tollway.ledger.fleet.ledger import FleetLedger

LIMITS = Limits(Limit(amount=1_000))
HOUR_US = 3_600_000_000


async def test_one_that_is_well_says_how_far_clocks_are_apart(fleet: Fleet) -> None:
    """This machine's is that of Redis, an hour ahead."""
    with closing(fleet.node(clock=Clock(clock.now_us() + HOUR_US))) as node:
        found = await node.condition()

    assert found.skew_us is not None
    assert abs(found.skew_us - HOUR_US) < 60_000_000
    assert (found.is_shared, found.away, found.closed_us, found.waiting) == (True, None, 0, 0)


async def test_it_changes_nothing(node: FleetLedger, fleet: Fleet) -> None:
    await node.condition()
    before = everything(fleet)

    await node.condition()

    assert everything(fleet) == before


def everything(fleet: Fleet) -> dict[bytes, object]:
    """All that Redis has of it, but for when its processes were heard of."""
    with closing(fleet.client()) as client:
        keys: list[bytes] = client.keys(f"{fleet.names.named('')}*")  # type: ignore[assignment]
        return {key: client.dump(key) for key in keys if key != fleet.names.leases.encode()}


async def test_one_that_is_away_is_no_error_and_is_not_asked_again_at_once(frail: Fleet) -> None:
    """The journal can be written."""
    with closing(frail.node()) as node:
        await node.condition()
        frail.server.kill()
        found = await node.condition()
        assert found.away is not None
        assert "Redis does not answer" in found.away
        frail.server.start()
        assert (await node.condition()).away is not None

        frail.clock.pass_by(AGAIN_SECONDS + 0.1)
        back = await node.condition()

    assert back.away is None


async def test_its_password_is_in_no_reason(frail: Fleet) -> None:
    with closing(FleetLedger(f"redis://ann:made-up-password@127.0.0.1:1/0?journal={frail.folder}")) as node:
        found = await node.condition()

    assert found.away is not None
    assert "made-up-password" not in found.away


async def test_one_that_lost_its_data_is_closed_until_all_have_told(frail: Fleet) -> None:
    """As calls find it, too."""
    late, wants = Clock(), [want()]
    with closing(frail.node()) as one, closing(frail.node("2", late)) as two:
        for node in (one, two):
            await node.adopt(LIMITS, late.now_us)
            assert await is_admitted(node, opened(f"c{id(node)}"), wants)
        await beat(one, clock=frail.clock)
        frail.server.kill()
        for node in (one, two):
            assert (await node.condition()).away is not None
        frail.server.start()
        frail.clock.pass_by(AGAIN_SECONDS)

        closed = await one.condition()
        with pytest.raises(LedgerError, match="closed until every process has told"):
            await asked(one, opened("closed"), wants)
        late.pass_by(AGAIN_SECONDS)
        await two.condition()
        opens = await one.condition()

    assert 0 < closed.closed_us <= LEASE_US
    assert (closed.waiting, closed.away) == (1, None)
    assert (opens.closed_us, opens.waiting, opens.away) == (0, 0, None)


async def beat(node: FleetLedger, clock: Clock) -> None:
    """A second passes, and it is heard of."""
    clock.pass_by(AGAIN_SECONDS + 0.1)
    await quiet(node)


@pytest.mark.parametrize(
    ("memory", "policy", "said"),
    [
        ("64mb", "allkeys-lru", "allkeys-lru"),
        ("64mb", "volatile-ttl", "volatile-ttl"),
        ("64mb", "noeviction", None),
        ("0", "allkeys-lru", None),
    ],
)
async def test_a_server_that_deletes_keys_by_itself_is_told_of(
    frail: Fleet, caplog: pytest.LogCaptureFixture, memory: str, policy: str, said: str | None
) -> None:
    """In what it says of itself, and once in the log: what limits count on may go."""
    with closing(frail.client()) as client:
        client.config_set("maxmemory", memory)
        client.config_set("maxmemory-policy", policy)
    with closing(frail.node()) as node:
        found = await node.condition()
        await node.adopt(LIMITS, frail.clock.now_us)

    warned = [each.message for each in caplog.records if "maxmemory-policy" in each.message]
    assert found.evicts == said
    assert len(warned) == (said is not None)
