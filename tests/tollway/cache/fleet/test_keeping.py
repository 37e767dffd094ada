"""Answers are kept by a thread, whole or not at all; what can't be kept is lost, and no call is harmed."""

import logging
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.redis_server import RedisServer
from tests.tollway.cache.fleet.fleets import Fleet, key, read, wait_until
from tests.tollway.caching.kept import DAY_US, NOON_US, answer
from tollway.cache.fleet import keeping as module
from tollway.cache.fleet.gate import BLIND
from tollway.cache.fleet.keeping import EVICTS, NO_ROOM

LOST = "answers can't be kept, so they are paid for again; calls go on: "


def lines(caplog: pytest.LogCaptureFixture, logger: str = "tollway.sidecar") -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.startswith(logger)]


def test_who_keeps_nothing_has_no_thread(fleet: Fleet) -> None:
    before = threading.active_count()
    fleet.answers().close()

    assert threading.active_count() == before


def test_processes_keep_answers_at_the_same_time(fleet: Fleet) -> None:
    """More than have room: at no moment are there more bytes than may be."""
    size = 200_000
    with closing(fleet.answers(size)) as one, closing(fleet.answers(size)) as other:
        for n in range(0, 300, 2):
            one.keep(key(n), answer(os.urandom(3_000)))
            other.keep(key(n + 1), answer(os.urandom(3_000)))
        with closing(fleet.shelf()) as shelf:
            while one._keeping.waiting or other._keeping.waiting:
                assert shelf.size() <= size
    there = fleet.there()

    assert 30 < len(there) < 60
    assert {n % 2 for n in there} == {0, 1}


def test_what_waits_is_bounded_and_what_has_no_room_is_lost_at_once(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    frail.server.pause()
    answers = frail.answers(most_waiting=100)
    for n in range(10):
        answers.keep(key(n), answer(b"x" * 40))
    frail.server.go_on()
    answers.close()

    assert frail.there() == [0, 1]
    assert lines(caplog)[0] == f"{LOST}more answers wait to be kept than may"


async def test_while_redis_is_away_answers_are_lost_at_once_and_it_says_how_many(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(frail.answers()) as answers:
        frail.server.kill()
        for n in range(3):
            answers.keep(key(n), answer())
            answers.hit(key(n), NOON_US)
        wait_until(lambda: answers._keeping.lost == 3)
        frail.server.start()
        wait_until(lambda: answers._gate.why is None)
        answers.keep(key(3), answer())

    assert frail.there() == [3]
    first, last = lines(caplog)
    assert first.startswith(f"{LOST}ledger unix://")
    assert last == "answers are kept again; 3 were lost"
    assert len(lines(caplog, "tollway.cache")) == 2


def test_a_hung_redis_holds_up_nobody_who_keeps(
    frail: Fleet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor an end for longer than it may."""
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.2)
    frail.server.pause()
    answers = frail.answers()
    since = time.monotonic()
    for n in range(100):
        answers.keep(key(n), answer())
        answers.hit(key(n), NOON_US)
    answers.prune(NOON_US)
    answers.close()

    assert time.monotonic() - since < 10
    frail.server.go_on()
    assert answers._keeping._thread is not None
    answers._keeping._thread.join()  # what it says late is not another test's


def test_a_full_redis_loses_answers_and_says_so_once(frail: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """It is not left alone for that: others are found, and kept as soon as it has room."""
    with closing(frail.answers()) as answers, closing(frail.client()) as client:
        client.config_set("maxmemory", 1)
        for n in range(3):
            answers.keep(key(n), answer())
            answers.hit(key(n), NOON_US)
        wait_until(lambda: answers._keeping.lost == 3)
        assert answers._gate.why is None
        client.config_set("maxmemory", 0)
        answers.keep(key(3), answer())

    assert frail.there() == [3]
    first, last = lines(caplog)
    assert first == f"{LOST}{NO_ROOM}"
    assert last == "answers are kept again; 3 were lost"


def test_a_replica_takes_none(frail: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """Until it is promoted."""
    with closing(frail.answers()) as answers, closing(frail.client()) as client:
        client.replicaof("127.0.0.1", "1")
        answers.keep(key(0), answer())
        wait_until(lambda: answers._keeping.lost == 1)
        client.replicaof("NO", "ONE")
        answers.keep(key(1), answer())

    assert frail.there() == [1]
    assert "Redis refuses (" in lines(caplog)[0]


def test_that_redis_deletes_keys_by_itself_is_said_once(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(frail.answers()) as answers, closing(frail.client()) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.config_set("maxmemory", 100_000_000)
        for n in range(3):
            answers.keep(key(n), answer())

    assert lines(caplog, "tollway.cache") == [EVICTS % "allkeys-lru"]


def test_what_is_no_text_is_lost_and_the_next_is_kept(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    fleet.keep(1, model="\ud800")
    fleet.keep(2)

    assert fleet.there() == [2]
    assert lines(caplog) == [f"{LOST}UnicodeEncodeError"]


def test_hits_are_counted_also_by_who_keeps_nothing(fleet: Fleet) -> None:
    """At the end, and with whatever is done."""
    fleet.keep(0)
    with closing(fleet.answers()) as one:
        one.hit(key(0), NOON_US + 5)
        one.hit(key(0), NOON_US + 4)
        one.prune(NOON_US)
        wait_until(lambda: not one._keeping._hits)
        one.hit(key(0), NOON_US + 3)
    with closing(fleet.answers()) as one:
        one.hit(key(0), NOON_US)

    with closing(fleet.client()) as client:
        assert client.hget(fleet.names.hits, key(0).decode()) == b"4"
        assert client.zscore(fleet.names.used, key(0)) == NOON_US + 5


def test_hits_that_wait_are_bounded(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HITS", 1)
    fleet.keep(0, 1)
    with closing(fleet.answers()) as one:
        for n in (0, 1, 0):
            one.hit(key(n), NOON_US)

    with closing(fleet.client()) as client:
        assert client.hgetall(fleet.names.hits) == {key(0): b"2"}


def test_what_can_not_be_deleted_yet_is_deleted_later(frail: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody finds it meanwhile, so nobody need be told."""
    frail.keep(0)
    with closing(frail.client()) as client:
        client.replicaof("127.0.0.1", "1")
        with closing(frail.answers()) as answers:
            answers.prune(NOON_US + DAY_US)
            answers.hit(key(0), NOON_US)
            answers.prune(NOON_US + DAY_US)
        client.replicaof("NO", "ONE")
    assert frail.there() == [0]
    with closing(frail.answers()) as answers:
        answers.prune(NOON_US + DAY_US)

    assert frail.there() == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


KILLED = """
import os, sys, time
from tests.tollway.cache.fleet.fleets import key
from tests.tollway.caching.kept import answer
from tollway.cache.fleet.answers import FleetAnswers
answers = FleetAnswers(sys.argv[1], 10**9)
n = 0
while True:
    answers.keep(key(n), answer(os.urandom(200_000)))
    n += 1
    print(n, flush=True)
    time.sleep(0.0005)
"""


@pytest.mark.slow
async def test_kill_9_leaves_no_half_answer(fleet: Fleet, pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    words = [sys.executable, "-c", KILLED, fleet.url]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'addons'}"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for _ in range(100):
            process.stdout.readline()
        process.kill()
    there = fleet.there()

    assert len(there) > 0
    assert there == list(range(len(there)))
    with closing(fleet.answers()) as answers:
        found = [await read(answers, n, NOON_US) for n in there]
    assert all(each is not None and len(each.body) == 200_000 for each in found)


async def test_redis_that_is_killed_and_has_its_data_again_has_no_half_answer(tmp_path: Path) -> None:
    """The index that it comes back with knows all answers that are there."""
    with closing(RedisServer(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always")) as server:
        fleet = Fleet(server)
        with closing(fleet.answers(3_000_000)) as answers:
            for n in range(60):
                answers.keep(key(n), answer(os.urandom(100_000)))
            wait_until(lambda: answers._keeping.waiting < 2_000_000)
            server.kill()
        server.start()
        server.wait_until(lambda client: not client.info("persistence")["loading"])
        there = fleet.there()

        assert 0 < len(there) < 40
        with closing(fleet.answers()) as answers:
            assert all([await read(answers, n, NOON_US) is not None for n in there])
            answers.keep(key(99), answer())
        assert fleet.there() == [*there, 99]


def test_what_is_away_from_the_start_is_said(frail: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    frail.server.kill()
    with closing(frail.answers()) as answers:
        answers.prune(NOON_US)
        answers.keep(key(0), answer())

    assert lines(caplog, "tollway.cache")[0].startswith(BLIND % "ledger unix://")
