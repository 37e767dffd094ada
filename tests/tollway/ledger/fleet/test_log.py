"""The fleet's log of calls."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.tollway.ledger.fleet.fleets import Fleet
from tests.tollway.ledger.samples import FULL, call
from tollway.ledger.fleet.log import BEGINNING, add, portion
from tollway.ledger.fleet.server import Server, where


@pytest.fixture
def redis(fleet: Fleet) -> Iterator[Server]:
    """A connection."""
    with closing(Server(where(fleet.url()))) as redis:
        yield redis


def test_calls_come_back_in_their_order_and_portion_by_portion(redis: Server, fleet: Fleet) -> None:
    """As they were: each field of one of which all is known."""
    add(redis, fleet.names, [call("a"), FULL])
    add(redis, fleet.names, [call("b")])
    first = portion(redis, fleet.names, BEGINNING, 2)
    second = portion(redis, fleet.names, first.upto, 2)

    assert (first.calls, first.lost) == ([call("a"), FULL], False)
    assert (second.calls, second.lost) == ([call("b")], False)
    assert portion(redis, fleet.names, second.upto, 2) == ([], second.upto, False)


def test_an_empty_log_has_nothing_lost(redis: Server, fleet: Fleet) -> None:
    assert portion(redis, fleet.names, BEGINNING, 2) == ([], BEGINNING, False)


def test_what_was_cut_away_unread_is_said(redis: Server, fleet: Fleet) -> None:
    """And not what was read."""
    add(redis, fleet.names, [call("a"), call("b"), call("c")])
    upto = portion(redis, fleet.names, BEGINNING, 1).upto
    redis.ask("XTRIM", fleet.names.log, "MAXLEN", 2)
    assert portion(redis, fleet.names, upto, 1).lost
    redis.ask("XTRIM", fleet.names.log, "MAXLEN", 1)
    found = portion(redis, fleet.names, upto, 1)

    assert ([each.id for each in found.calls], found.lost) == (["c"], True)
    assert not portion(redis, fleet.names, found.upto, 1).lost


def test_a_log_that_is_gone_has_nothing_to_say(redis: Server, fleet: Fleet) -> None:
    add(redis, fleet.names, [call("a")])
    upto = portion(redis, fleet.names, BEGINNING, 1).upto
    redis.ask("DEL", fleet.names.log)

    assert portion(redis, fleet.names, upto, 1) == ([], upto, False)
