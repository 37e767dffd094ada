"""Trouble that lasts is told, and its end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.trouble import LASTS_US, RESTS_US, Trouble, seen, why
from tollway.readiness.condition import Condition

NOON = 1_795_521_600_000_000
SECOND = 1_000_000
AWAY = "ledger redis://host: Redis does not answer"


def told(*looks: tuple[float, str | None]) -> list[tuple[float, Alert]]:
    """What was told, and when: of looks at seconds that found this."""
    state, found = Trouble(), []
    for second, wrong in looks:
        state, alert = seen(state, wrong, NOON + int(second * SECOND), "m1")
        if alert is not None:
            found.append((second, alert))
    return found


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Condition(), None),
        (Condition(is_shared=True, away=AWAY), AWAY),
        ("the disk is full", "the disk is full"),
    ],
)
def test_a_store_says_what_is_wrong(found: Condition | str, said: str | None) -> None:
    assert why(found) == said


def test_what_lasts_is_told_once_and_its_end() -> None:
    looks = told((0, None), (10, AWAY), (20, AWAY), (30, AWAY), (40, AWAY), (200, None), (210, None))

    assert [(second, alert.text) for second, alert in looks] == [
        (30, f"on m1: {AWAY}"),
        (200, "on m1: the ledger can be written and asked again, after 3 min"),
    ]
    assert [alert.fields for _, alert in looks] == [
        {"is_back": is_back, "machine": "m1", "since": "2026-11-24T12:00:10Z"} for is_back in (False, True)
    ]
    assert {alert.kind for _, alert in looks} == {Kind.STORE}


def test_a_clock_that_is_set_back_keeps_nothing_from_being_told() -> None:
    """By a day: trouble that goes on, its end, and the next one."""
    day = 86_400
    goes_on = told((day, AWAY), (day + 10, AWAY), (20, AWAY), (36, AWAY), (40, None))
    another = told((day, AWAY), (day + 20, AWAY), (day + 30, None), (10, AWAY), (20, AWAY), (30, AWAY))

    assert [second for second, _ in goes_on] == [36, 40]
    assert goes_on[1][1].text.endswith("after 20 s")
    assert [second for second, _ in another] == [day + 20, day + 30, 30]


def test_what_fails_for_a_moment_is_not_told() -> None:
    assert told((0, AWAY), (10, AWAY), (14, None), (20, AWAY), (30, None)) == []


def test_what_fails_again_soon_is_the_same_trouble() -> None:
    """Unless it lasts until that is long ago."""
    looks = told(
        (0, AWAY), (20, AWAY), (30, None), (40, AWAY), (60, AWAY), (70, None), (80, AWAY), (619, AWAY),
        (620, AWAY), (700, None),
    )  # fmt: skip

    assert [second for second, _ in looks] == [20, 30, 620, 700]
    assert looks[1][1].text.endswith("after 30 s")


@given(st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=100))
def test_each_end_follows_a_beginning_and_beginnings_are_rare(steps: list[tuple[int, bool]]) -> None:
    state, now_us, begun, ends = Trouble(), NOON, list[int](), 0
    for seconds, is_wrong in steps:
        now_us += seconds * SECOND
        state, alert = seen(state, AWAY if is_wrong else None, now_us, "m1")
        if alert is not None and alert.fields["is_back"]:
            ends += 1
            assert ends == len(begun)
        elif alert is not None:
            assert len(begun) == ends
            begun.append(now_us)

    assert all(later - one >= RESTS_US for one, later in pairwise(begun))
    assert LASTS_US < RESTS_US
