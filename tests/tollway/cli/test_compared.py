"""`tollway report --compare` and `--movers`."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tests.tollway.statement.year import by, of_month, spent, write, year
from tollway.cli import cli
from tollway.model import Billing, Cost
from tollway.money import NANO, usd
from tollway.reporting.periods import moment

UTC = ZoneInfo("UTC")
CALLS = year()
SPAN = ("--since", "2026-10", "--until", "2026-11", "--compare", "month")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


@pytest.fixture
def ledger(home: Path) -> None:
    write(home / "ledger.db", CALLS)


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["report", *words])


def test_a_month_beside_the_one_before(ledger: None) -> None:
    """By provider and model unless something else is asked for; to the nano-dollar."""
    said = json.loads(run(*SPAN, "--format", "json").stdout)

    october, september = of_month(CALLS, "2026-10", UTC), of_month(CALLS, "2026-09", UTC)
    assert said["by"] == ["provider", "model"]
    assert said["total"]["cost_usd"] == usd(spent(october))
    assert said["total"]["before_usd"] == usd(spent(september))
    of_team = json.loads(run(*SPAN, "--by", "team", "--format", "json").stdout)
    assert {row["team"]: row["cost_usd"] for row in of_team["rows"]} == {
        team: usd(spent(calls)) for team, calls in by(october, lambda each: each.team).items()
    }


def test_it_agrees_with_the_report(ledger: None) -> None:
    both = json.loads(run(*SPAN, "--by", "user", "--format", "json").stdout)
    alone = json.loads(
        run("--since", "2026-10", "--until", "2026-11", "--by", "user", "--format", "json").stdout
    )

    assert {row["user"]: row["cost_usd"] for row in both["rows"]} == {
        row["user"]: row["cost_usd"] for row in alone["rows"]
    }


def test_movers_are_by_month_unless_something_else_is_asked_for(home: Path) -> None:
    at = {n: moment(datetime(2026, n, 5, tzinfo=UTC)) for n in (10, 11)}
    costs = {"up": (1, 9), "down": (5, 1), "same": (3, 3), "less up": (1, 2)}
    write(home / "ledger.db", [
        call(f"{model}{n}", started_us=at[10 + n], model=model, cost=Cost(input_nano=cost * NANO))
        for model, both in costs.items() for n, cost in enumerate(both)
    ])  # fmt: skip

    found = run("--since", "2026-11", "--until", "2026-12", "--movers", "1", "--by", "model")

    assert found.exit_code == 0, found.output
    assert found.stdout.splitlines()[2:] == [
        "model     calls  calls_before  cost_usd  before_usd  difference_usd  percent",
        "up            1             1      9.00        1.00           +8.00  +800.0%",
        "down          1             1      1.00        5.00           -4.00   -80.0%",
        "2 others      2             2      5.00        4.00           +1.00   +25.0%",
        "total         4             4     15.00       10.00           +5.00   +50.0%",
    ]


def test_where_nothing_moved_the_others_and_the_total_are_shown(home: Path) -> None:
    """As of calls under a flat plan alone, which cost nothing: there were calls, and that is said."""
    at = {n: moment(datetime(2026, n, 5, tzinfo=UTC)) for n in (10, 11)}
    cost, billing = Cost(input_nano=NANO), Billing.NOTIONAL
    calls = [call(f"c{n}", started_us=us, cost=cost, billing=billing) for n, us in at.items()]
    write(home / "ledger.db", calls)

    found = run("--since", "2026-11", "--until", "2026-12", "--movers", "1", "--by", "model")

    assert found.stderr == ""
    assert [line.split()[:3] for line in found.stdout.splitlines()[3:5]] == [
        ["1", "others", "1"], ["total", "1", "1"],
    ]  # fmt: skip


def test_the_title_says_what_is_compared(ledger: None) -> None:
    title = run(*SPAN).stdout.splitlines()[0]

    assert (
        title
        == "AI calls, 2026-10-01 00:00 to 2026-11-01 00:00, against 2026-09-01 00:00 to 2026-10-01 00:00, UTC"
    )


def test_csv_and_markdown(ledger: None) -> None:
    rows = list(csv.DictReader(io.StringIO(run(*SPAN, "--by", "team", "--format", "csv").stdout)))
    message = run(*SPAN, "--by", "team", "--format", "markdown").stdout

    assert rows[0].keys() >= {"team", "cost_usd", "before_usd", "difference_usd", "percent"}
    assert {row["team"] for row in rows} == {"research", "platform", "'=SUM(A1)", ""}
    assert "| team | calls | calls before | cost $ | before $ | difference $ | change |" in message
    assert "| \\=SUM(A1) |" in message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--compare", "month", "--by", "day"],
            "--compare has a row for what is in both times, and none by day",
        ),
        (["--compare", "span"], "--compare span: say since when"),
        (
            ["--compare", "month", "--since", "2026-09", "--until", "2026-11"],
            "these bounds lie in several months",
        ),
        (
            ["--compare", "month", "--refused"],
            "one of --prices, --compare (--movers) and --refused at a time",
        ),
        (["--compare", "day", "--since", "9999-12-31"], "--compare day: these bounds are too far away"),
        (["--compare", "span", "--since", "0001-01-01"], "--compare span: these bounds are too far away"),
        (["--movers", "0"], "0 is not in the range x>=1"),
        (["--compare", "year"], "'year' is not one of"),
    ],
)
def test_wrong_use(ledger: None, words: list[str], said: str) -> None:
    found = run(*words)

    assert found.exit_code == 2
    assert said in found.stderr


def test_nothing_yet_is_said(home: Path) -> None:
    """Also where there is no ledger yet."""
    assert run("--compare", "month").stderr.startswith("No AI calls in that time.")
    assert json.loads(run("--compare", "month", "--format", "json").stdout)["rows"] == []
