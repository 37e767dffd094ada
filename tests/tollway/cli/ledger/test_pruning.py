"""`tollway ledger prune`."""

import csv
import gzip
import io
import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from tests.tollway.ledger.archive.moved import into, rows
from tests.tollway.ledger.limits import DAY_US, Limit, Limits, ended, opened
from tests.tollway.ledger.year import BERLIN, NEW_YEAR_US, bills, write, year
from tollway import clock
from tollway.cli import cli
from tollway.ledger.connect import connect
from tollway.ledger.presence import Presence
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord
from tollway.reporting import periods

BACK_US = (3 * 365 + 1) * DAY_US
"""The synthetic year is over, whenever the test runs."""
BEFORE = ("--before", "2024-01")
NOVEMBER_US = 1_698_796_800_000_000
"""2023-11-01 00:00 UTC."""


def past(days: int, each_day: int = 12) -> list[CallRecord]:
    """The first days of a year that is long over."""
    return [
        replace(each, started_us=each.started_us - BACK_US, ended_us=(each.ended_us or 0) - BACK_US)
        for each in year(days, each_day)
    ]


@pytest.fixture
def ledger(home: Path) -> Path:
    """Sixty days of 2023."""
    return write(home / "ledger.db", past(60))


def run(*words: str, **options: Any) -> Result:
    return CliRunner().invoke(cli, ["ledger", "prune", *words], **options)


def test_the_bill_is_the_same_and_what_was_done_is_told(ledger: Path) -> None:
    before = bills(ledger)
    result = run(*BEFORE, "--yes")

    assert result.exit_code == 0, result.output
    assert result.stdout == "720 calls became 360 rows\n"
    assert "bytes of the file's" in result.stderr
    assert bills(ledger) == before


def test_no_money_moves_to_another_day_or_month_of_focus(home: Path) -> None:
    """Its periods are UTC's: the first half hour of Berlin's November belongs to October there."""
    home.mkdir(exist_ok=True)
    (home / "policy.yaml").write_text("version: 1\ntimezone: Europe/Berlin\n")
    first, *_ = past(1)
    hours = (NOVEMBER_US - 1_800_000_000, NOVEMBER_US + 1_800_000_000, NOVEMBER_US + 3_600_000_000)
    write(
        home / "ledger.db",
        [replace(first, id=f"c{us}", started_us=us, ended_us=us, session=None) for us in hours],
    )

    def billed() -> dict[str, Decimal]:
        words = ["report", "--format", "focus"]
        found: dict[str, Decimal] = {}
        for row in csv.DictReader(io.StringIO(CliRunner().invoke(cli, words).stdout)):
            start = row["BillingPeriodStart"]
            found[start] = found.get(start, Decimal()) + Decimal(row["BilledCost"])
        return found

    before = billed()
    result = run(*BEFORE, "--per", "day", "--yes")

    assert result.stdout == "2 calls became 1 rows\n"
    assert len(before) == 2
    assert billed() == before


def test_a_dry_run_changes_nothing_and_says_the_same(ledger: Path) -> None:
    before = rows(ledger)
    result = run(*BEFORE, "--dry-run")

    assert (result.exit_code, result.stdout) == (0, "720 calls would become 360 rows\n")
    assert rows(ledger) == before


@pytest.mark.parametrize(("answer", "status", "left"), [("y\n", 0, 360), ("n\n", 1, 720), ("", 1, 720)])
def test_it_asks_first(ledger: Path, answer: str, status: int, left: int) -> None:
    result = run(*BEFORE, input=answer)

    assert result.exit_code == status
    assert "Merge 720 calls into 360 rows?" in result.stderr
    assert len(rows(ledger)[0]) == left


def test_what_is_younger_stays(ledger: Path) -> None:
    """In the policy's time zone: its hours and days are meant."""
    result = run("--before", "2023-01-11", "--yes")

    assert result.stdout == "120 calls became 60 rows\n"


def test_days_may_become_rows(home: Path) -> None:
    """Of the policy's zone; reports by days, weeks and months say the same."""
    policy = home / "policy.yaml"
    write(
        home / "ledger.db", [replace(each, user="ann", model="m", provider="p", tags={}) for each in past(40)]
    )
    policy.write_text("version: 1\ntimezone: Europe/Berlin\n")
    by = [("day",), ("week", "user"), ("month",), ("billing",)]
    before = bills(home / "ledger.db", BERLIN, by)
    result = run(*BEFORE, "--per", "day", "--yes")

    assert result.stdout == "480 calls became 80 rows\n"
    assert bills(home / "ledger.db", BERLIN, by) == before


def test_an_archive_has_all_that_is_cut(ledger: Path, tmp_path: Path) -> None:
    """A ledger of its own has the calls again; in this one they count no second time."""
    before, archive = rows(ledger), tmp_path / "2023.csv.gz"
    result = run(*BEFORE, "--yes", "--archive", str(archive), "--format", "json")

    assert result.exit_code == 0, result.output
    assert gzip.decompress(archive.read_bytes()).startswith(b"id,")
    into(tmp_path / "old.db", archive)
    assert rows(tmp_path / "old.db") == before
    assert into(ledger, archive)[1].same == 720
    said = json.loads(result.stdout)
    assert said["free_bytes"] > 0
    assert said | {"free_bytes": 0, "file_bytes": 0} == {
        "before": "2024-01-01T00:00:00+00:00", "calls": 720, "rows": 360, "cut": True, "kept_for": [],
        "archive": str(archive), "free_bytes": 0, "file_bytes": 0,
    }  # fmt: skip


def test_an_archive_that_is_there_is_not_lost_and_nothing_is_cut(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    before = rows(ledger)
    result = run(*BEFORE, "--yes", "--archive", str(tmp_path / "a"))

    assert result.exit_code == 1
    assert (tmp_path / "a").read_text() == "mine"
    assert rows(ledger) == before


def test_room_is_given_back_where_asked(ledger: Path) -> None:
    before = ledger.stat().st_size
    result = run(*BEFORE, "--yes", "--vacuum")

    assert result.exit_code == 0, result.output
    assert result.stderr == f"the file has {ledger.stat().st_size:,} bytes\n"
    assert ledger.stat().st_size < before


def test_room_is_not_given_back_beside_a_proxy(ledger: Path) -> None:
    presence = Presence(ledger)
    before = rows(ledger)
    result = run(*BEFORE, "--yes", "--vacuum")
    presence.end()

    assert "1 processes write to it: stop them, or leave --vacuum out" in str(result.exception)
    assert rows(ledger) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--before", "1h"], "Invalid value for --before: it must be a day ago at the least"),
        (["--before", "soon"], "Invalid value for --before: 'soon' is no date"),
        ([*BEFORE, "--archive", "-"], "Invalid value for --archive: it must be a file on a disk"),
        ([], "Missing option '--before'"),
    ],
)
def test_wrong_use(ledger: Path, words: list[str], said: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_ledger_that_takes_nothing_is_told(ledger: Path) -> None:
    with closing(connect(ledger, "process")) as db:
        db.execute("CREATE TRIGGER no BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'no more'); END")
    before = rows(ledger)
    result = run(*BEFORE, "--yes")

    assert f"ledger {ledger}: IntegrityError: no more" in str(result.exception)
    assert rows(ledger) == before


async def test_what_windows_that_run_count_is_as_it_was_once_they_are_rebuilt(home: Path) -> None:
    """A rolling one keeps its calls as they are; one of the calendar has merged ones."""
    now_us, path = clock.now_us(), home / "ledger.db"
    limits = Limits(
        Limit("rolling", rolling=True, window_us=5 * DAY_US, per=("team",)),
        Limit("long", window_us=4_000 * DAY_US),
    )
    calls = [
        ended(opened(f"c{n}", at_us=now_us - n // 4 * DAY_US // 2, user="ann"), 1 + n) for n in range(100)
    ]
    write(path, calls)
    with closing(SqliteLedger(path)) as ledger:
        await ledger.adopt(limits, now_us)
        before = standing_of(path, now_us)
        result = run("--before", "2d", "--yes")
        await ledger.adopt(Limits(), now_us)
        with closing(connect(path, "process")) as db:
            db.execute("DELETE FROM buckets")
            db.execute("DELETE FROM complete")
        await ledger.adopt(limits, now_us)

    assert result.exit_code == 0, result.output
    assert "what rolling still counts call by call stays as it is" in result.stderr
    assert standing_of(path, now_us) == before
    assert before["long"] == sum(range(1, 101))
    ages = [(now_us - row[1]) // DAY_US for row in rows(path)[0] if row[0].startswith("m")]
    assert min(ages) >= 6
    assert ages


def standing_of(path: Path, now_us: int) -> dict[str, int]:
    """What each limit has settled."""
    with closing(connect(path, "process")) as db:
        sql = "SELECT limit_name, settled FROM buckets JOIN balances ON balances.bucket = buckets.id"
        return dict(db.execute(sql))


def test_the_year_ends_where_periods_say() -> None:
    """As this file takes for granted."""
    assert periods.label("month", NEW_YEAR_US - BACK_US, BERLIN) == "2023-01"
