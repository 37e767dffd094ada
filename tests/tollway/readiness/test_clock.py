"""What is said of the clock."""

import pytest

from tollway.readiness.check import Status
from tollway.readiness.clock import LATELY_SECONDS, MOST_US, MUCH_US, Step, judge

HOUR_US = 3_600_000_000


@pytest.mark.parametrize(
    ("skew_us", "status", "said"),
    [
        (None, Status.OK, "steady"),
        (0, Status.OK, "steady, and within 2 s of that of Redis"),
        (MUCH_US, Status.OK, "steady, and within"),
        (-MUCH_US, Status.OK, "steady, and within"),
        (MOST_US, Status.WARN, "this machine's is 60 s ahead of that of Redis: run NTP"),
        (-MOST_US, Status.WARN, "this machine's is 60 s behind that of Redis"),
        (MOST_US + 1, Status.FAIL, "this machine's is 60 s ahead of"),
        (-HOUR_US, Status.FAIL, "this machine's is 3600 s behind"),
    ],
)
def test_far_from_that_of_redis_leases_do_not_hold(skew_us: int | None, status: Status, said: str) -> None:
    check = judge(skew_us, None)

    assert (check.name, check.status) == ("clock", status)
    assert check.reason.startswith(said)
    assert check.figures == ({} if skew_us is None else {"skew_ms": skew_us // 1_000})


@pytest.mark.parametrize(
    ("step", "status", "said"),
    [
        (Step(HOUR_US, 4.2), Status.WARN, "it was set 3600 s ahead 4 s ago, and windows go by it: run NTP"),
        (Step(-HOUR_US, 4.2), Status.WARN, "it was set 3600 s back 4 s ago"),
        (Step(HOUR_US, LATELY_SECONDS), Status.OK, "steady"),
    ],
)
def test_one_that_was_set_lately_is_odd(step: Step, status: Status, said: str) -> None:
    """Nobody knows which of both times was right."""
    check = judge(None, step)

    assert check.status is status
    assert check.reason.startswith(said)
