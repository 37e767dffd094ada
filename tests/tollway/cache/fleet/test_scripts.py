"""What is done to answers in Redis, each in one step."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.redis_server import RedisServer
from tests.tollway.cache.fleet.fleets import GB, Fleet, key, read
from tests.tollway.caching.kept import NOON_US, answer
from tollway.cache.fleet import kept
from tollway.cache.fleet import scripts as module
from tollway.cache.fleet.scripts import AT_ONCE, COMING_MS, HITS_AT_ONCE, Scripts
from tollway.caching.recorded import Recorded
from tollway.caching.store import Cleared
from tollway.ledger.fleet.server import Denied

MB = 1_000_000


@pytest.fixture
def scripts(fleet: Fleet) -> Iterator[Scripts]:
    """Of one process."""
    with closing(fleet.scripts()) as scripts:
        yield scripts


def put(scripts: Scripts, n: int, each: Recorded, most: int = GB) -> bool:
    return scripts.keep(key(n), each, kept.ready(key(n), each), most)


def found(fleet: Fleet, n: int) -> Recorded | None:
    """As a proxy finds it."""

    async def look() -> Recorded | None:
        with closing(fleet.answers()) as answers:
            return await read(answers, n, NOON_US)

    return asyncio.run(look())


def test_redis_forgets_an_answer_by_itself(fleet: Fleet, scripts: Scripts) -> None:
    """After as long as it holds, whatever its clock says; the index does with the next prune."""
    put(scripts, 1, answer(until_us=NOON_US + 5_000_000))
    put(scripts, 2, answer(until_us=NOON_US))

    with closing(fleet.client()) as client:
        left_ms = client.pttl(fleet.names.answer(key(1)))
        assert 0 < left_ms <= 5_000
        while client.exists(fleet.names.answer(key(2))):
            pass
    scripts.prune(NOON_US)
    assert fleet.there() == [1]


def test_what_is_over_is_deleted_a_bounded_number_at_a_time(fleet: Fleet, scripts: Scripts) -> None:
    for n in range(2 * AT_ONCE + 5):
        put(scripts, n, answer(until_us=NOON_US + 10**9 + n))

    scripts.prune(NOON_US + 10**9 + 2 * AT_ONCE)
    assert fleet.there() == [2 * AT_ONCE + n for n in range(1, 5)]
    scripts.prune(NOON_US + 10**10)

    assert fleet.there() == []
    with closing(fleet.client()) as client:
        assert not list(client.scan_iter(f"{fleet.names.used[:-4]}*"))


def test_room_is_made_however_many_have_to(fleet: Fleet, scripts: Scripts) -> None:
    for n in range(3 * AT_ONCE):
        put(scripts, n, answer(made_us=NOON_US + n))

    assert scripts.make_room(kept.ready(key(0), answer()).size * 3, 0)

    assert fleet.there() == [3 * AT_ONCE + n for n in (-3, -2, -1)]
    assert not scripts.make_room(0, 1)
    assert fleet.there() == []


def test_who_was_given_meanwhile_does_not_make_room(fleet: Fleet, scripts: Scripts) -> None:
    """Though it was the next a moment ago."""
    for n in range(4):
        put(scripts, n, answer(made_us=NOON_US + n))
    size = kept.ready(key(0), answer()).size
    scripts.make_room(GB, 0)  # it knows by now who is next
    with closing(fleet.scripts()) as others:
        others.hit({key(0): (1, NOON_US + 10), key(1): (2, NOON_US + 10)})

    scripts.make_room(3 * size, 0)

    assert fleet.there() == [0, 1, 3]


def test_an_answer_without_room_leaves_the_former_one(fleet: Fleet, scripts: Scripts) -> None:
    put(scripts, 1, answer(b"1"))

    assert not put(scripts, 1, answer(os.urandom(5_000)), most=4_000)

    assert found(fleet, 1) == answer(b"1")
    assert fleet.there() == [1]


LARGE = answer(os.urandom(600_000))


def coming(fleet: Fleet) -> list[bytes]:
    """Where pieces are that no answer has yet."""
    with closing(fleet.client()) as client:
        return list(client.scan_iter(f"{fleet.names.coming('')}*", count=1_000))


def test_the_pieces_of_a_large_answer_are_nowhere_else_in_the_end(fleet: Fleet, scripts: Scripts) -> None:
    """Whether it has room or not."""
    assert put(scripts, 1, LARGE)
    assert not put(scripts, 2, LARGE, most=MB)

    assert coming(fleet) == []
    assert fleet.there() == [1]


def test_redis_is_never_given_much_in_one_go(frail: Fleet) -> None:
    """Who asks for admission meanwhile would wait for it."""
    large = answer(os.urandom(5 * MB))
    with closing(frail.scripts()) as scripts, closing(frail.client()) as client:
        client.config_set("proto-max-bulk-len", 2**20)
        assert put(scripts, 1, large)

    assert found(frail, 1) == large


def test_the_pieces_of_a_writer_that_died_are_no_answer_and_are_forgotten(
    fleet: Fleet, scripts: Scripts
) -> None:
    scripts._send(kept.ready(key(1), LARGE))

    with closing(fleet.client()) as client:
        (place,) = coming(fleet)
        assert 0 < client.pttl(place) <= COMING_MS
    assert fleet.there() == []


def test_pieces_that_redis_has_forgotten_meanwhile_leave_the_former_answer(
    fleet: Fleet, scripts: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(scripts, 1, LARGE)
    monkeypatch.setattr(Scripts, "_send", lambda *each: None)

    with pytest.raises(Denied, match="no such key"):
        put(scripts, 1, answer(os.urandom(600_000)))

    monkeypatch.undo()
    assert found(fleet, 1) == LARGE
    assert fleet.there() == [1]


def test_a_small_one_takes_the_place_of_a_large_one_and_the_other_way_round(
    fleet: Fleet, scripts: Scripts
) -> None:
    """Of the former no piece is left."""
    small = answer(os.urandom(1_000))
    for each in (LARGE, small, LARGE, small):
        assert put(scripts, 1, each)
        assert found(fleet, 1) == each
        with closing(fleet.client()) as client:
            assert client.hlen(fleet.names.answer(key(1))) == len(kept.ready(key(1), each).pieces)
        assert fleet.there() == [1]


def test_no_step_gives_much_memory_back(
    fleet: Fleet, scripts: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them together do."""
    monkeypatch.setattr(module, "BYTES_AT_ONCE", 1_000)
    for n in range(6):
        put(scripts, n, answer(made_us=NOON_US + n, until_us=NOON_US + 10**9))

    scripts.make_room(3 * kept.ready(key(0), answer()).size, 0)
    assert fleet.there() == [3, 4, 5]
    scripts.prune(NOON_US + 10**9)
    assert fleet.there() == []


def test_hits_of_many_are_counted_and_of_what_is_gone_not(fleet: Fleet, scripts: Scripts) -> None:
    put(scripts, 1, answer())
    hits = {key(n): (n, NOON_US) for n in range(HITS_AT_ONCE + 10)}

    scripts.hit(hits)
    scripts.hit(hits)

    with closing(fleet.client()) as client:
        assert client.hgetall(fleet.names.hits) == {key(1): b"2"}


def test_only_what_is_there_is_deleted_and_counted(fleet: Fleet, scripts: Scripts) -> None:
    later_us = NOON_US + 10**9
    for n in (1, 2):
        put(scripts, n, answer(until_us=later_us + n))

    assert scripts.delete([key(1), key(2), key(3)], later_us).answers == 0
    assert scripts.delete([key(1), key(2), key(3)], later_us + 1).answers == 1
    assert scripts.delete([]) == Cleared(answers=0, size=0)
    assert fleet.there() == [2]


def test_an_index_that_somebody_spoiled_harms_nothing(fleet: Fleet, scripts: Scripts) -> None:
    put(scripts, 1, answer())
    with closing(fleet.client()) as client:
        client.hset(fleet.names.facts, key(1), "x")

    put(scripts, 1, answer())
    scripts.delete([key(1)])

    assert fleet.there() == []


@pytest.mark.parametrize(("policy", "evicts"), [("noeviction", None), ("volatile-lru", "volatile-lru")])
def test_it_is_known_whether_redis_deletes_keys_by_itself(
    frail: Fleet, policy: str, evicts: str | None
) -> None:
    with closing(frail.scripts()) as scripts, closing(frail.client()) as client:
        client.config_set("maxmemory-policy", policy)
        put(scripts, 1, answer())
        assert scripts.evicts is None  # its memory has no end
        client.config_set("maxmemory", 100 * MB)
        put(scripts, 1, answer())
        assert scripts.evicts == evicts


def test_a_quarter_of_redis_is_left_to_limits(frail: Fleet) -> None:
    """Whatever the policy lets answers take: they make room, and where there is none, they are not kept."""
    with closing(frail.scripts()) as scripts, closing(frail.client()) as client:
        most = client.info("memory")["used_memory"] + 8 * MB
        client.config_set("maxmemory", most)
        for n in range(100):
            each = answer(os.urandom(200_000), made_us=NOON_US + n)
            assert put(scripts, n, each) or (scripts.make_room(GB, 210_000) and put(scripts, n, each))
        used = client.info("memory")["used_memory"]
        there = frail.there()
        assert used < most * 3 / 4 + 400_000
        assert 5 < len(there) < 40
        assert there == list(range(100 - len(there), 100))

        for n in range(int(most - used) // 100_000 - 5):
            client.set(f"what else a fleet has {n}", os.urandom(90_000))
        assert not put(scripts, 100, answer())
        assert scripts.make_room(GB, 2_000)
        assert put(scripts, 100, answer())
        assert len(frail.there()) < len(there)


def test_a_full_redis_keeps_nothing_and_lets_answers_go(frail: Fleet) -> None:
    with closing(frail.scripts()) as scripts, closing(frail.client()) as client:
        put(scripts, 1, answer(os.urandom(10_000)))
        put(scripts, 2, answer(os.urandom(10_000)))
        client.config_set("maxmemory", 1)

        assert not put(scripts, 3, answer())
        with pytest.raises(Denied, match="maxmemory"):
            scripts.hit({key(1): (1, NOON_US)})
        scripts.delete([key(1)])
        assert frail.there() == [2]
        assert not scripts.make_room(GB, 0)
        assert frail.there() == []


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300_000)), max_size=15))
def test_no_more_room_is_in_use_than_may_be(server: RedisServer, each: list[tuple[int, int]]) -> None:
    """Whatever is kept in whatever order, in the place of whatever; and what was kept last is there."""
    fleet = Fleet(server)
    with closing(fleet.answers(MB)) as answers:
        for n, (name, size) in enumerate(each):
            last = answer(os.urandom(size), made_us=NOON_US + n)
            answers.keep(key(name), last)
    if not each:
        return
    with closing(fleet.shelf()) as shelf, closing(fleet.answers(MB)) as answers:
        assert shelf.size() <= MB
        assert asyncio.run(read(answers, each[-1][0], NOON_US)) == last
    assert each[-1][0] in fleet.there()
