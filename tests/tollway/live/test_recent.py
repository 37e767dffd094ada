"""The latest calls."""

from tests.tollway.ledger.samples import NOON_US, call
from tollway.live.recent import Recent


def test_the_latest_come_first_as_they_are_now() -> None:
    recent = Recent([call("a"), call("b", started_us=NOON_US + 1)])
    recent.take(call("c", started_us=NOON_US + 2, state="open"))
    recent.take(call("a", status=200))

    assert [(one.id, one.status) for one in recent.all()] == [("c", None), ("b", None), ("a", 200)]


def test_old_ones_go_but_none_that_is_in_flight() -> None:
    recent = Recent([], most=3)
    recent.take(call("old", state="open"))
    for n in range(50):
        recent.take(call(str(n), started_us=NOON_US + n))

    assert [one.id for one in recent.all()] == ["49", "48", "47", "old"]
