"""What is said of a store."""

import pytest

from tollway.readiness.check import Status
from tollway.readiness.condition import Condition
from tollway.readiness.store import PASSING, judge

AWAY = Condition(is_shared=True, away="ledger redis://r: Redis does not answer")
CLOSED = Condition(is_shared=True, closed_us=1_500_000, waiting=2)
FULL = "ledger /l.db: the disk is full: free some space"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Condition(), "can be written"),
        (Condition(is_shared=True), "Redis answers, and the journal can be written"),
        (Condition(is_shared=True, waiting=1), "Redis answers, and the journal can be written"),
    ],
)
def test_one_that_calls_can_be_held_in_is_well(found: Condition, said: str) -> None:
    check = judge(found, refuses_unwritten=True, refuses_unheld=True)

    assert (check.name, check.status, check.reason) == ("store", Status.OK, said)


@pytest.mark.parametrize(
    ("found", "unwritten", "unheld", "status"),
    [
        (FULL, True, True, Status.FAIL),
        (FULL, True, False, Status.FAIL),
        (FULL, False, True, Status.WARN),
        (FULL, False, False, Status.WARN),
        (AWAY, True, True, Status.FAIL),
        (AWAY, True, False, Status.WARN),
        (CLOSED, True, True, Status.FAIL),
        (CLOSED, True, False, Status.WARN),
    ],
)
def test_a_proxy_is_not_ready_where_calls_would_be_refused_and_odd_where_they_pass(
    found: Condition | str, unwritten: bool, unheld: bool, status: Status
) -> None:
    """Redis away refuses only what limits have to hold; the rows are in the journal."""
    check = judge(found, unwritten, unheld)

    assert check.status is status
    assert check.reason.endswith(PASSING) == (status is Status.WARN)


def test_a_redis_that_deletes_keys_by_itself_is_to_be_looked_at() -> None:
    check = judge(
        Condition(is_shared=True, evicts="allkeys-lru"), refuses_unwritten=True, refuses_unheld=True
    )

    assert check.status is Status.WARN
    assert "(maxmemory-policy allkeys-lru): set noeviction" in check.reason


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (0, "for 2 s more"),
        (1, "until 1 process has told what was spent, or for 2 s"),
        (2, "until 2 processes have told what was spent, or for 2 s"),
    ],
)
def test_a_fleet_that_is_closed_says_for_how_long_and_whom_it_waits_for(waiting: int, said: str) -> None:
    closed = Condition(is_shared=True, closed_us=1_500_000, waiting=waiting)

    assert judge(closed, True, True).reason == (
        f"hard limits are closed, since Redis lost data or was started anew, {said}"
    )
