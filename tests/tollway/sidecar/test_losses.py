"""What could not be kept is counted; the log is told once when it begins, and once when it is over."""

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tollway.sidecar.losses import Losses

BEGINS = "notes can't be kept, so they are gone; calls go on: the disk is full"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "tollway.sidecar.losses"]


def test_the_log_is_told_when_it_begins_and_how_many_there_were(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    losses = Losses("notes", "gone")

    losses.end()
    for _ in range(2):
        losses.begin(2, "the disk is full")
    losses.end()
    losses.end()
    losses.begin(1, "the disk is full")
    losses.end()

    assert lines(caplog) == [
        BEGINS, "notes are kept again; 4 were lost", BEGINS, "notes are kept again; 1 were lost",
    ]  # fmt: skip
    assert losses.count == 5


def test_what_is_told_elsewhere_begins_nothing(caplog: pytest.LogCaptureFixture) -> None:
    losses = Losses("notes", "gone")

    losses.add(1)
    losses.end()

    assert losses.count == 1
    assert lines(caplog) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3)))
def test_each_loss_is_counted_once_and_each_beginning_has_one_end(
    caplog: pytest.LogCaptureFixture, each: list[int]
) -> None:
    """0: one is kept."""
    caplog.clear()
    caplog.set_level(logging.WARNING)
    losses = Losses("notes", "gone")

    for count in [*each, 0]:
        losses.begin(count, "the disk is full") if count else losses.end()

    told = lines(caplog)
    assert losses.count == sum(each)
    assert told[::2] == [BEGINS] * (len(told) // 2)
    assert sum(int(line.split()[-3]) for line in told[1::2]) == sum(each)
