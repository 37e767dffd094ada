"""What is said of the certificate authority."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tollway.readiness.authority import SOON, Shown, judge
from tollway.readiness.check import Status

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHOWN = Shown(id="a1b2c3d4", begins=NOW - DAY, ends=NOW + 365 * DAY, has_next=False, on_disk=True)


@pytest.mark.parametrize(
    ("shown", "status", "days", "said"),
    [
        (SHOWN, Status.OK, 365, "a1b2c3d4 lasts until 2027-11-30"),
        (replace(SHOWN, ends=NOW + SOON), Status.WARN, 60, "a1b2c3d4 ends in 60 days: run `tollway ca ro"),
        (replace(SHOWN, ends=NOW + SOON, has_next=True), Status.OK, 60, "a1b2c3d4 lasts until 2027-01-29"),
        (replace(SHOWN, ends=NOW), Status.FAIL, 0, "a1b2c3d4 ended on 2026-11-30: run `tollway ca init"),
        (replace(SHOWN, ends=NOW - 2 * DAY), Status.FAIL, -2, "a1b2c3d4 ended on 2026-11-28"),
        (
            replace(SHOWN, begins=NOW + DAY), Status.FAIL, 365,
            "a1b2c3d4 begins on 2026-12-01, and the clock says 2026-11-30: set the clock",
        ),
        (replace(SHOWN, on_disk=None), Status.WARN, 365, "the root of a1b2c3d4 is gone from the data folder"),
        (
            replace(SHOWN, on_disk=False), Status.WARN, 365,
            "another one is in the data folder than a1b2c3d4, which clients are shown: start Tollway anew",
        ),
    ],
)  # fmt: skip
def test_it_is_judged_by_its_time_and_by_what_is_on_disk(
    shown: Shown, status: Status, days: int, said: str
) -> None:
    check = judge(shown, NOW)

    assert (check.name, check.status, check.figures) == ("ca", status, {"days_left": days})
    assert check.reason.startswith(said)
