"""Calls of which more may come."""

from tests.tollway.ledger.samples import call
from tollway.model import AWAITED, Cost, Source
from tollway.observe.awaited import Awaited
from tollway.observe.catalogue import TOKENS
from tollway.observe.counting import Series

COUNTS = {Series(TOKENS, ("p", "m", "input_tokens")): 3}
AT_AN_ESTIMATE = Cost(input_nano=1, source=Source.ESTIMATED, flags=(AWAITED,))


def test_what_was_counted_is_remembered_until_the_usage_comes() -> None:
    awaited, one = Awaited(), call(cost=AT_AN_ESTIMATE)

    assert awaited.before(one) is None
    awaited.counted(one, COUNTS)

    assert awaited.before(call()) == COUNTS
    assert awaited.before(call()) is None


def test_of_a_call_that_is_done_nothing_is_remembered() -> None:
    awaited = Awaited()

    awaited.counted(call(), COUNTS)

    assert awaited.before(call()) is None


def test_the_oldest_is_forgotten_first() -> None:
    awaited = Awaited(most=2)

    for id in ("a", "b", "c"):
        awaited.counted(call(id, cost=AT_AN_ESTIMATE), COUNTS)

    assert [awaited.before(call(id)) for id in ("a", "b", "c")] == [None, COUNTS, COUNTS]
