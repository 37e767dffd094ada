"""What a fleet is to know of at once, and to say once."""

import asyncio
from contextlib import closing

from tests.tollway.ledger.fleet.fleets import Fleet, want
from tests.tollway.ledger.limits import HOUR_US, MINUTE_US, Limit, Limits
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.store import Quarantined

ROLLING = Limit("rolling", window_us=90 * MINUTE_US, rolling=True)
LIMITS = Limits(Limit(), ROLLING)
MONTH, ROLLS = want().bucket, want(ROLLING).bucket


def found(alert: str) -> Quarantined:
    """A kind of calls that cost more than its bound."""
    return Quarantined(alert=alert, provider="openai", model=None, shape="x")


async def test_an_alert_is_said_once_over_all_nodes(fleet: Fleet) -> None:
    """Whoever comes to it first; each level on its own."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        for node in (one, two):
            await node.adopt(LIMITS, NOON_US)
        said = await asyncio.gather(
            *[node.first_alert(MONTH, level, NOON_US) for node in (one, two) for level in (80, 100)]
        )

        assert sorted(said) == [False, False, True, True]
        assert not await two.first_alert(MONTH, 80, NOON_US + HOUR_US)


async def test_an_alert_of_a_window_that_rolls_is_said_again_after_its_length(fleet: Fleet) -> None:
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        for node in (one, two):
            await node.adopt(LIMITS, NOON_US)
        assert await one.first_alert(ROLLS, 80, NOON_US)
        assert not await two.first_alert(ROLLS, 80, NOON_US + 90 * MINUTE_US - 1)

        assert await two.first_alert(ROLLS, 80, NOON_US + 90 * MINUTE_US)


async def test_an_alert_of_a_window_that_is_long_over_is_said_once_as_well(fleet: Fleet) -> None:
    """A batch that ends late comes to it."""
    with closing(fleet.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        late_us = NOON_US + 30 * 24 * HOUR_US

        assert await node.first_alert(MONTH, 80, late_us)
        assert not await node.first_alert(MONTH, 80, late_us)


async def test_of_a_limit_that_nobody_keeps_no_alert_is_said(fleet: Fleet) -> None:
    with closing(fleet.node()) as node:
        assert not await node.first_alert(MONTH, 80, NOON_US)
        await node.adopt(Limits(ROLLING), NOON_US)
        assert not await node.first_alert(MONTH, 80, NOON_US)


async def test_what_is_quarantined_is_told_once_and_known_to_all(fleet: Fleet) -> None:
    """In the order in which it was found."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        assert await one.quarantine(found("b"), NOON_US + 1)
        assert await two.quarantine(found("a"), NOON_US)
        assert not await two.quarantine(found("b"), NOON_US + 2)

        assert await one.quarantined() == await two.quarantined() == (found("a"), found("b"))


async def test_while_redis_is_away_each_node_says_it_once(frail: Fleet) -> None:
    """And knows what it found itself."""
    frail.server.kill()
    with closing(frail.node()) as node:
        await node.adopt(LIMITS, NOON_US)
        assert await node.quarantine(found("a"), NOON_US)
        assert not await node.quarantine(found("a"), NOON_US)
        assert await node.quarantined() == (found("a"),)
        assert await node.first_alert(MONTH, 80, NOON_US)
        assert not await node.first_alert(MONTH, 80, NOON_US)


async def test_what_is_told_while_redis_is_away_is_told_once_by_each_node_also_later(frail: Fleet) -> None:
    """A node that told it knows so when Redis is there again, without what it had."""
    with closing(frail.node("1")) as one, closing(frail.node("2")) as two:
        assert await one.first_told("unpriced a", NOON_US, None, "told")
        assert not await two.first_told("unpriced a", NOON_US)
        frail.server.kill()
        assert not await one.first_told("unpriced a", NOON_US)
        assert await two.first_told("unpriced a", NOON_US)
        assert not await two.first_told("unpriced a", NOON_US)
        frail.server.start()
        frail.clock.pass_by(5)

        assert not await one.first_told("unpriced a", NOON_US)
        assert not await two.first_told("unpriced a", NOON_US)
        assert await one.first_told("unpriced b", NOON_US)


async def test_who_was_not_the_first_may_be_the_next_time(fleet: Fleet) -> None:
    """Having asked in vain is nothing that a node remembers."""
    with closing(fleet.node("1")) as one, closing(fleet.node("2")) as two:
        assert await one.first_told("look", NOON_US, HOUR_US)
        assert not await two.first_told("look", NOON_US + HOUR_US - 1, HOUR_US)
        assert await two.first_told("look", NOON_US + HOUR_US, HOUR_US)
        assert not await one.first_told("look", NOON_US + HOUR_US, HOUR_US)
