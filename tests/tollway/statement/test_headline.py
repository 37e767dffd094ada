"""What a statement says first."""

from datetime import datetime
from pathlib import Path

from tests.tollway.ledger.samples import call
from tests.tollway.statement.made import of
from tests.tollway.statement.year import BERLIN, year
from tollway.model import Billing, CallRecord, Cost, Source
from tollway.reporting.periods import moment
from tollway.statement.headline import about, heading, headline
from tollway.statement.whose import Whose


def spent(id: str, month: int, nano: int, **fields: object) -> CallRecord:
    at = moment(datetime(2026, month, 5, 12, tzinfo=BERLIN))
    return call(id, started_us=at, cost=Cost(input_nano=nano, source=Source.COMPUTED), **fields)


def test_it_says_whose_and_when(tmp_path: Path) -> None:
    found = of(tmp_path, [], Whose("team", "research"))

    assert heading(found) == "AI calls of team research, November 2026"
    assert about(found) == (
        "2026-11-01 00:00 to 2026-12-01 00:00, against 2026-10-01 00:00 to 2026-11-01 00:00, Europe/Berlin"
    )


def test_what_was_spent_is_exact_and_beside_the_month_before(tmp_path: Path) -> None:
    found = of(tmp_path, [spent("a", 11, 1_234_500_000_001), spent("b", 10, 1_000 * 10**9)])

    assert headline(found) == [
        ("Spent", "$1,234.500000001"),
        ("Month before", "$1,000.00"),
        ("Change", "+$234.500000001 (+23.5%)"),
        ("Calls", "1"),
    ]
    assert headline(found, short=True)[:3] == [
        ("Spent", "$1,234.50"),
        ("Month before", "$1,000.00"),
        ("Change", "+$234.50 (+23.5%)"),
    ]


def test_what_there_is_besides_is_said(tmp_path: Path) -> None:
    """Estimates, plans, the cache, refusals; of the last that it is an estimate what they might have cost."""
    said = dict(headline(of(tmp_path, year())))

    assert said["They might have cost (an estimate)"].startswith("about $")
    assert {
        "Estimated, of what was spent",
        "Under flat plans, at list price",
        "Saved by the cache",
    } <= said.keys()


def test_less_than_before_and_nothing_before(tmp_path: Path) -> None:
    less = of(
        tmp_path,
        [spent("a", 11, 5 * 10**8), spent("b", 10, 10**9), spent("p", 11, 7, billing=Billing.NOTIONAL)],
    )

    assert dict(headline(less))["Change"] == "-$0.50 (-50.0%)"


def test_of_nothing_before_there_is_no_share(tmp_path: Path) -> None:
    assert dict(headline(of(tmp_path, [])))["Change"] == "$0.00"


def test_a_part_of_a_month_says_so(tmp_path: Path) -> None:
    found = of(tmp_path, [], now_us=moment(datetime(2026, 11, 10, tzinfo=BERLIN)))

    assert "As much of the month before" in dict(headline(found))
    assert about(found).endswith("(as much of the month before), Europe/Berlin")
