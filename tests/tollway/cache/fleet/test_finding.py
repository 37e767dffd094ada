"""Answers are found in Redis, or are not there: no call fails of it, or waits for long."""

import asyncio
import os
import time
from contextlib import closing
from threading import Event
from typing import Any

import pytest
import redis

from tests.tollway.cache.fleet.fleets import Fleet, key, read, wait_until
from tests.tollway.caching.kept import NOON_US, answer
from tollway.cache.fleet import kept
from tollway.cache.fleet.answers import FleetAnswers
from tollway.cache.fleet.finding import DAMAGED, THREADS, UNREADABLE
from tollway.cache.fleet.gate import BLIND, SEES
from tollway.ledger.fleet.server import SECONDS

KEPT = answer(os.urandom(3_000))


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


async def test_what_one_keeps_is_found_by_all_however_many_look(fleet: Fleet) -> None:
    """By each its own."""
    with closing(fleet.answers()) as one, closing(fleet.answers()) as other:
        for n in range(50):
            one.keep(key(n), answer(b"%d" % n))
        wait_until(lambda: one._keeping.waiting == 0)

        found = await asyncio.gather(*(read(other, n, NOON_US) for n in range(60)))
        assert len(other._finding._threads) == THREADS

    assert found == [answer(b"%d" % n) for n in range(50)] + [None] * 10


async def test_who_looks_for_nothing_has_no_thread_and_one_at_a_time_needs_one(fleet: Fleet) -> None:
    fleet.keep(1)
    with closing(fleet.answers()) as answers:
        assert answers._finding._threads == []
        for _ in range(3):
            assert await read(answers, 1, NOON_US) == answer()
        assert len(answers._finding._threads) == 1


async def test_a_server_that_hangs_is_waited_for_once_and_then_left_alone(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    """Until a probe is answered: no call tries it."""
    frail.keep(1)
    took = [1.0]
    while min(took) > 0.06 and len(took) < 10:  # a machine busy with tests may be slow
        with closing(frail.answers(hurried=True)) as answers:
            assert await until_found(answers, 1) == answer()
            frail.server.pause()
            since = time.monotonic()
            assert await read(answers, 1, NOON_US) is None
            took.append(time.monotonic() - since)
            # mypy knows no type of a lambda's default, which ties it to this round of the loop.
            wait_until(lambda a=answers: a._gate.why is not None)  # type: ignore[misc]
            assert answers.find(key(1), NOON_US) is None  # at once
            frail.server.go_on()
            wait_until(lambda a=answers: a._gate.why is None)  # type: ignore[misc]
            assert await until_found(answers, 1) == answer()

    assert SECONDS * 0.9 < min(took) < 0.06
    assert lines(caplog)[0].startswith(BLIND % "ledger unix://")
    assert lines(caplog)[1] == SEES


async def until_found(answers: FleetAnswers, n: int) -> object:
    """The first connection may take longer than a look-up."""
    for _ in range(1_000):
        if (found := await read(answers, n, NOON_US)) is not None:
            return found
        await asyncio.sleep(0.005)
    raise AssertionError


async def test_a_server_that_takes_long_to_connect_to_is_found_after_all(
    frail: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a look-up may take, as handshakes over TLS do: attempts go on while nobody waits."""
    frail.keep(1)
    connect, slow = redis.UnixDomainSocketConnection._connect, Event()

    def slowly(connection: redis.UnixDomainSocketConnection) -> Any:
        slow.wait(4 * SECONDS)
        return connect(connection)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(redis.UnixDomainSocketConnection, "_connect", slowly)
    with closing(frail.answers(hurried=True)) as answers:
        assert await read(answers, 1, NOON_US) is None
        assert await until_found(answers, 1) == answer()


async def test_all_that_wait_for_a_server_that_hangs_go_on_with_the_first(frail: Fleet) -> None:
    frail.keep(1)
    with closing(frail.answers(hurried=True)) as answers:
        await asyncio.gather(*(read(answers, 1, NOON_US) for _ in range(THREADS)))
        frail.server.pause()
        since = time.monotonic()
        found = await asyncio.gather(*(read(answers, n, NOON_US) for n in range(100)))
        assert time.monotonic() - since < 1
        frail.server.go_on()

    assert found == [None] * 100


async def test_a_slow_server_is_doubted_once_a_look_up(frail: Fleet) -> None:
    """So that others find out by themselves, before a call waits for them as well."""
    doubts: list[int] = []
    frail.keep(1)
    with closing(frail.answers(hurried=True, doubt=lambda: doubts.append(1))) as answers:
        await until_found(answers, 1)
        doubts.clear()
        frail.server.pause()
        await read(answers, 1, NOON_US)
        frail.server.go_on()

    assert doubts == [1]


async def test_a_server_that_is_killed_has_none_until_it_is_back(
    frail: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    """Without its data they are gone; what is kept from then on is found."""
    frail.keep(1)
    with closing(frail.answers()) as answers:
        assert await read(answers, 1, NOON_US) == answer()
        frail.server.kill()
        assert [await read(answers, 1, NOON_US) for _ in range(3)] == [None] * 3
        frail.server.start()
        wait_until(lambda: answers._gate.why is None)

        assert await read(answers, 1, NOON_US) is None
        answers.keep(key(2), KEPT)
        wait_until(lambda: answers._keeping.waiting == 0)
        assert await read(answers, 2, NOON_US) == KEPT

    assert [line == SEES for line in lines(caplog)] == [False, True]


@pytest.mark.parametrize("large", [False, True])
async def test_one_damaged_answer_is_not_there_and_the_others_are(
    fleet: Fleet, caplog: pytest.LogCaptureFixture, large: bool
) -> None:
    """It is said once, and what is kept in its place is found."""
    said = os.urandom(400_000 if large else 100)
    fleet.keep(1, 2, body=said)
    with closing(fleet.client()) as client, closing(fleet.answers()) as answers:
        name = fleet.names.answer(key(1))
        piece: Any = client.hget(name, kept.FIRST)
        client.hset(name, kept.FIRST, piece[:50] + b"\x00\x01\x00" + piece[53:])
        for _ in range(3):
            assert await read(answers, 1, NOON_US) is None
            assert await read(answers, 2, NOON_US) == answer(said)
        fleet.keep(1)
        assert await read(answers, 1, NOON_US) == answer()

    assert lines(caplog) == [UNREADABLE % DAMAGED]


async def test_one_that_becomes_another_while_it_is_read_is_not_there_and_no_fault(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    """What the other's pieces are called, its first one does not know."""
    fleet.keep(1, body=os.urandom(600_000))
    of = {field: piece for field, piece in kept.ready(key(1), answer(os.urandom(600_000))).pieces[:2]}
    with closing(fleet.client()) as client, closing(fleet.answers()) as answers:
        client.hset(fleet.names.answer(key(1)), mapping=of)  # type: ignore[arg-type]
        assert await read(answers, 1, NOON_US) is None

    assert lines(caplog) == []


async def test_what_answers_another_key_answers_none(fleet: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever put it there: an answer stays in its scope, which is a part of its key."""
    with closing(fleet.client()) as client, closing(fleet.answers()) as answers:
        for field, piece in kept.ready(key(2), KEPT).pieces:
            client.hset(fleet.names.answer(key(1)), field, piece)
        assert await read(answers, 1, NOON_US) is None

    assert lines(caplog) == [UNREADABLE % DAMAGED]


async def test_what_is_no_string_is_said_and_the_others_are_found(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    """Redis is there: it is not left alone for that."""
    fleet.keep(2)
    with closing(fleet.client()) as client, closing(fleet.answers()) as answers:
        client.rpush(fleet.names.answer(key(1)), "x")
        for _ in range(2):
            assert await read(answers, 1, NOON_US) is None
            assert await read(answers, 2, NOON_US) == answer()

    (line,) = lines(caplog)
    assert "Redis refuses (" in line


async def test_a_fault_of_our_own_is_a_miss(
    fleet: Fleet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread goes on."""
    fleet.keep(1)
    with closing(fleet.answers()) as answers:
        monkeypatch.setattr(kept, "crc32", lambda text: 1 // 0)
        assert await read(answers, 1, NOON_US) is None
        monkeypatch.undo()
        assert await read(answers, 1, NOON_US) == answer()

    assert lines(caplog) == [UNREADABLE % "ZeroDivisionError"]


async def test_who_waits_no_longer_is_not_told(frail: Fleet) -> None:
    """A client that left."""
    frail.keep(1)
    with closing(frail.answers()) as answers:
        assert await read(answers, 1, NOON_US) == answer()
        frail.server.pause()
        waiting = [asyncio.ensure_future(read(answers, 1, NOON_US)) for _ in range(2 * THREADS)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()
        assert all(
            isinstance(each, asyncio.CancelledError)
            for each in await asyncio.gather(*waiting, return_exceptions=True)
        )
        frail.server.go_on()
        assert await read(answers, 1, NOON_US) == answer()


def test_a_loop_that_has_ended_is_not_told(frail: Fleet) -> None:
    frail.keep(1)

    async def ask(answers: FleetAnswers) -> None:
        waiting = asyncio.ensure_future(read(answers, 1, NOON_US))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        waiting.cancel()

    with closing(frail.answers()) as answers:
        frail.server.pause()
        asyncio.run(ask(answers))
        frail.server.go_on()
        assert asyncio.run(read(answers, 1, NOON_US)) == answer()


def test_an_end_does_not_wait_for_a_server_that_hangs(frail: Fleet) -> None:
    async def ask(answers: FleetAnswers) -> None:
        waiting = asyncio.ensure_future(read(answers, 1, NOON_US))
        await asyncio.sleep(0.01)
        assert not waiting.done()

    answers = frail.answers()
    frail.server.pause()
    asyncio.run(ask(answers))
    since = time.monotonic()
    answers.close()

    assert time.monotonic() - since < 10
    frail.server.go_on()
