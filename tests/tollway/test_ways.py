"""What can be done to a call that no provider is asked."""

from tests.tollway.admitting import candidate, governing
from tollway.ways import NOT_ASKED, staying


def test_it_is_taken_as_it_is_or_not_at_all() -> None:
    """Neither clamped, nor moved, nor held tighter; but its window may end while it waits."""
    one = candidate(governing(""))
    ways = staying(lambda whole: whole)

    assert (ways.clamp(one, ()), ways.least(one), ways.tighten(one)) == (None, one, None)
    assert ways.route(one, "economy", frozenset(), ()) == NOT_ASKED
    assert ways.route_softly(one, "economy", frozenset(), ()) == NOT_ASKED
    assert (ways.insist(one), ways.renew(one)) == (None, one)
