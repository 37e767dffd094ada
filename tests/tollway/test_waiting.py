"""Calls that wait for room: first come, first served."""

import asyncio
from contextlib import suppress

from tollway.waiting import Line, Place

LONG = 1000.0
"""Seconds of the line's clock: nobody waits so long here."""


def standing(line: Line, *buckets: str) -> Place:
    """A place at these buckets."""
    place = line.join()
    line.stand(place, dict.fromkeys(buckets, 1))
    return place


def waiting(line: Line, place: Place, seconds: float = LONG) -> "asyncio.Task[bool]":
    """Its wait, begun."""
    return asyncio.ensure_future(line.turn(place, line.now() + seconds))


async def turns() -> None:
    """Let all that is ready run."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_line_is_empty_while_nobody_stands_in_it() -> None:
    """A place alone is none in it yet."""
    line = Line()
    place = line.join()
    assert line.is_empty
    line.stand(place, {"a": 1})
    assert not line.is_empty
    line.leave(place)

    assert line.is_empty


async def test_who_came_first_is_called_first() -> None:
    line = Line(poll_seconds=LONG)
    first, second = standing(line, "a"), standing(line, "a")
    of_second, of_first = waiting(line, second), waiting(line, first)
    await turns()

    line.freed(["a"])

    assert await of_first
    assert not of_second.done()
    line.leave(first)
    assert await of_second


async def test_who_is_called_and_refused_again_keeps_its_place() -> None:
    line = Line(poll_seconds=LONG)
    first, second = standing(line, "a"), standing(line, "a")
    line.freed(["a"])
    assert await line.turn(first, line.now() + LONG)

    line.stand(first, {"a": 1})
    again, behind = waiting(line, first), waiting(line, second)
    await turns()
    line.freed(["a"])

    assert await again
    assert not behind.done()
    behind.cancel()
    with suppress(asyncio.CancelledError):
        await behind


async def test_what_is_freed_elsewhere_calls_nobody() -> None:
    line = Line(poll_seconds=LONG)
    place = standing(line, "a")
    wait = waiting(line, place)
    await turns()

    line.freed(["b"])
    await turns()

    assert not wait.done()
    line.freed(["a"])
    assert await wait


async def test_a_call_at_two_buckets_is_called_once_it_is_the_first_at_both() -> None:
    line = Line(poll_seconds=LONG)
    at_a, at_both = standing(line, "a"), standing(line, "a", "b")
    wait = waiting(line, at_both)
    await turns()

    line.freed(["b"])
    await turns()
    assert not wait.done()

    line.leave(at_a)
    assert await wait


async def test_a_wait_ends_when_its_time_is_over() -> None:
    line = Line(poll_seconds=LONG)
    first, second = standing(line, "a"), standing(line, "a")

    assert not await line.turn(first, line.now() + 0.01)
    assert not await line.turn(second, line.now() + 0.01)
    assert not await line.turn(first, line.now())


async def test_the_first_in_line_looks_again_by_itself() -> None:
    """Another process may have freed what it waits for; those behind it need not look."""
    line = Line(poll_seconds=0.001)
    first, second = standing(line, "a"), standing(line, "a")

    assert await line.turn(first, line.now() + LONG)
    assert not await line.turn(second, line.now() + 0.02)


async def test_who_left_is_sent_away_at_once_and_frees_its_place() -> None:
    line = Line(poll_seconds=LONG)
    first, second = standing(line, "a"), standing(line, "a")
    of_first, of_second = waiting(line, first), waiting(line, second)
    await turns()

    line.send_away(first)

    assert not await of_first
    assert first.gone
    assert await of_second


async def test_nobody_stands_where_all_have_left() -> None:
    line = Line()
    place = standing(line, "a", "b")
    assert line.is_taken(["x", "b"])

    line.leave(place)
    line.leave(place)

    assert not line.is_taken(["a", "b"])
    line.freed(["a"])


async def test_the_clock_may_be_another() -> None:
    assert Line(now=lambda: 5.0).now() == 5.0


def test_others_are_all_who_stand_at_a_bucket_with_what_they_need_there() -> None:
    """But not the one who asks, whether it stands there itself or not."""
    line = Line()
    one, two, elsewhere = (line.join() for _ in range(3))
    line.stand(one, {"a": 5})
    line.stand(two, {"a": 7, "b": 8})
    line.stand(elsewhere, {"c": 9})

    assert line.others(one, "a") == [7]
    assert line.others(elsewhere, "a") == [5, 7]
    assert line.others(one, "b") == [8]
    assert line.others(one, "d") == []
    line.leave(two)
    assert line.others(one, "a") == []


async def test_the_first_in_line_looks_again_when_it_was_told_to() -> None:
    """Room comes by time, too: it need not be polled for, nor does who is behind look."""
    line = Line(poll_seconds=LONG)
    first, second = line.join(), line.join()
    line.stand(first, {"a": 1}, line.now() + 0.01)
    line.stand(second, {"a": 1}, line.now())

    of_second = waiting(line, second)
    assert await line.turn(first, line.now() + LONG)
    assert not of_second.done()
    line.leave(first)
    assert await of_second


async def test_who_was_told_a_moment_that_is_over_looks_at_once() -> None:
    line = Line(poll_seconds=LONG)
    place = line.join()
    line.stand(place, {"a": 1}, line.now() - 1)

    assert await line.turn(place, line.now() + LONG)


def test_no_more_than_so_many_wait_at_one_bucket() -> None:
    """Who stands there may stand there again; elsewhere there are places."""
    line = Line(most=2)
    one, _ = (standing(line, "a") for _ in range(2))
    third = line.join()

    assert line.is_full(third, ["b", "a"])
    assert not line.is_full(third, ["b"])
    assert not line.is_full(one, ["a"])
    line.leave(one)
    assert not line.is_full(third, ["a"])


def test_ahead_are_buckets_where_somebody_stands_who_came_before() -> None:
    line = Line()
    one, two, three = (line.join() for _ in range(3))
    line.stand(two, {"a": 1, "b": 1})
    line.stand(three, {"c": 1})

    assert line.ahead(three, ["a", "b", "c", "d"]) == ["a", "b"]
    assert line.ahead(two, ["a", "b", "c"]) == []
    assert line.ahead(one, ["a", "c"]) == []
