"""What was counted."""

import threading

import pytest

from tollway.observe.catalogue import (
    CALLS,
    LOOP_LAG,
    RELOADS,
    SPENT,
    SPENT_TAKEN_BACK,
    WAITS,
    Family,
    counter,
    seconds,
)
from tollway.observe.counting import SUM, Counting, Series

THREE = seconds("x_seconds", "X.", ms=(1, 10))


def test_what_is_counted_adds_up_by_labels() -> None:
    counting = Counting()

    for labels, amount in ((("a",), 2), (("b",), 5), (("a",), 10**20)):
        counting.add(Series(CALLS, labels), amount)

    counts = counting.snapshot()
    assert (counts[Series(CALLS, ("a",))], counts[Series(CALLS, ("b",))]) == (10**20 + 2, 5)


@pytest.mark.parametrize(
    ("value", "bucket"), [(0, 0), (-3, 0), (1_000, 0), (1_001, 1), (10_000, 1), (10_001, 2), (10**9, 2)]
)
def test_a_value_is_in_the_first_bucket_whose_bound_it_does_not_exceed(value: int, bucket: int) -> None:
    counting = Counting()

    counting.observe(THREE, value)

    assert counting.snapshot().get(Series(THREE, (), bucket)) == 1
    assert counting.snapshot()[Series(THREE, (), SUM)] == max(value, 0)


def test_what_is_below_zero_counts_as_taken_back() -> None:
    counting, labels = Counting(), ("openai", "gpt-5", "metered", "estimated")

    counting.add_all([(Series(SPENT, labels), 7), (Series(SPENT, labels), -3)])

    counts = counting.snapshot()
    assert (counts[Series(SPENT, labels)], counts[Series(SPENT_TAKEN_BACK, labels)]) == (7, 3)


def test_what_has_no_labels_is_there_from_the_start() -> None:
    """Else its first increase could not be seen."""
    counts = Counting().snapshot()

    assert counts[Series(WAITS)] == counts[Series(RELOADS, ("failed",))] == 0
    assert not any(series.family in (CALLS, LOOP_LAG) for series in counts)


def test_a_copy_can_be_made_while_another_thread_counts() -> None:
    """New series come all the time, as many as there are copies."""
    counting, ended = Counting(), threading.Event()
    family: Family = counter("many_total", "Many.", "number")

    def count() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            counting.add(Series(family, (str(number % 5_000),)))

    thread = threading.Thread(target=count)
    thread.start()
    try:
        sums = [sum(counting.snapshot().values()) for _ in range(300)]
    finally:
        ended.set()
        thread.join()

    assert sums == sorted(sums)
    assert sums[-1] > 0
