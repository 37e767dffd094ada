"""What can be done to a call that no provider is asked."""

from msgspec.structs import replace

from tests.tollway.admitting import candidate, governing
from tollway.ways import NOT_ASKED, OPEN, at_its_place, staying


def test_it_is_taken_as_it_is_or_not_at_all() -> None:
    """Neither clamped, nor moved, nor held tighter; but its window may end while it waits."""
    one = candidate(governing(""))
    ways = staying(lambda whole: whole)

    assert (ways.clamp(one, ()), ways.least(one), ways.tighten(one)) == (None, one, None)
    assert ways.route(one, "economy", frozenset(), ()) == NOT_ASKED
    assert ways.route_softly(one, "economy", frozenset(), ()) == NOT_ASKED
    assert (ways.insist(one), ways.renew(one)) == (None, one)


def test_on_a_socket_that_is_open_it_is_moved_nowhere() -> None:
    """But it is clamped, as over HTTP."""
    one = candidate(governing(""))
    ways = replace(staying(lambda whole: whole), clamp=lambda whole, balances: whole)

    there = at_its_place(ways)

    assert there.route(one, "economy", frozenset(), ()) == OPEN
    assert there.route_softly(one, "economy", frozenset(), ()) == OPEN
    assert (there.insist(one), there.clamp(one, ())) == (None, one)
