"""A fleet's answers for the command line."""

import os
from contextlib import closing

import pytest

from tests.tollway.cache.fleet import fleets
from tests.tollway.cache.fleet.fleets import Fleet, key
from tests.tollway.caching.kept import DAY_US, NOON_US, answer
from tollway.cache.fault import CacheError
from tollway.cache.fleet import shelf as module
from tollway.caching.store import Cleared, Which
from tollway.ledger.fault import LedgerError


def test_many_answers_are_counted_and_deleted_each_once(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 10)
    fleet.keep(*range(700))
    with closing(fleet.answers()) as answers:
        for n in range(0, 700, 7):
            answers.hit(key(n), NOON_US)
        answers.keep(key(1000), answer(until_us=NOON_US + 10**9))

    with closing(fleet.shelf()) as shelf:
        (share,) = shelf.stats(NOON_US + 10**9)
        whole, cleared = shelf.size(), shelf.clear(Which())
        after = shelf.size()

    assert (share.answers, share.hits, share.saved_nano) == (700, 100, 150_000)
    assert whole == cleared.size > share.size
    assert (cleared.answers, after) == (701, 0)
    assert fleet.there() == []


def test_the_largest_share_comes_first_and_then_their_names_order_them(fleet: Fleet) -> None:
    fleet.keep(1, rule="b")
    fleet.keep(2, rule="a")
    fleet.keep(3, rule="a", model=None)
    fleet.keep(4, rule="c", body=os.urandom(5_000))

    with closing(fleet.shelf()) as shelf:
        shares = [(share.rule, share.model) for share in shelf.stats(NOON_US)]

    assert shares[0] == ("c", "gpt-5")
    assert sorted(shares[1:], key=str) == sorted([("a", None), ("a", "gpt-5"), ("b", "gpt-5")], key=str)


def test_what_the_index_says_of_one_that_somebody_spoiled_is_nothing(fleet: Fleet) -> None:
    """Who deletes all deletes it, too."""
    fleet.keep(1, 2)
    with closing(fleet.client()) as client, closing(fleet.shelf()) as shelf:
        client.hset(fleet.names.facts, key(1), b"\xff\x00")

        assert [share.answers for share in shelf.stats(NOON_US)] == [1]
        assert [share.answers for share in shelf.stats(NOON_US + DAY_US)] == []
        assert shelf.clear(Which(rule="r")).answers == 1
        assert shelf.clear(Which()).answers == 1


def test_a_server_that_is_away_is_said(frail: Fleet) -> None:
    frail.server.kill()
    with closing(frail.shelf()) as shelf:
        for ask in (shelf.size, lambda: shelf.stats(0), lambda: shelf.clear(Which())):
            with pytest.raises(CacheError, match=r"cache: ledger unix://.*: Redis does not answer"):
                ask()


def test_a_url_that_is_none_is_said() -> None:
    with pytest.raises(LedgerError, match="timeout"):
        module.FleetShelf("redis://h?timeout=x")


def test_an_organisation_sees_no_others(fleet: Fleet) -> None:
    fleet.keep(1)
    other = fleets.Fleet(fleet.server)

    with closing(other.shelf()) as shelf:
        assert shelf.stats(NOON_US) == []
        assert shelf.clear(Which()) == Cleared(answers=0, size=0)
    assert fleet.there() == [1]
