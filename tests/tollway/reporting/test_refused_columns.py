"""Refusals as columns."""

from zoneinfo import ZoneInfo

from tollway.reporting.refused import Refusals, Refused
from tollway.reporting.refused_columns import BOUND, LIKELY, UNKNOWN, columns, notes
from tollway.reporting.text import aligned

UTC = ZoneInfo("UTC")
FOUND = Refusals(
    ("user",),
    (
        (("ann",), ("over_limit", ("day", "month")), Refused(3, 3, 46 * 10**7, 2, 10**9)),
        ((None,), ("access_denied", ()), Refused(1)),
    ),
    Refused(4, 3, 46 * 10**7, 2, 10**9),
    UTC,
)


def test_a_row_says_why_and_by_which_limits() -> None:
    assert aligned(columns(FOUND)).splitlines() == [
        "user   reason         limits     calls  likely_usd  bound_usd",
        "ann    over_limit     day,month      3        0.46       1.00",
        "-      access_denied  -              1        0.00       0.00",
        "total  -              -              4        0.46       1.00",
    ]


def test_notes_say_what_the_figures_are_not() -> None:
    assert notes(FOUND) == [LIKELY, UNKNOWN.format("1"), BOUND.format("2")]
    assert "in no cost" in LIKELY


def test_what_nothing_is_known_of_has_no_column() -> None:
    found = Refusals((), (((), ("over_rate", ("burst",)), Refused(2, 2, 5)),), Refused(2, 2, 5), UTC)

    assert [column.name for column in columns(found)] == ["reason", "limits", "calls", "likely_usd"]
    assert notes(found) == [LIKELY]
