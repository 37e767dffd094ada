"""`tollway report --format focus`."""

import csv
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from tests.tollway.cli.test_report import HEAVY, environment, write
from tests.tollway.ledger.samples import call
from tests.tollway.prices.calls import call as priced
from tests.tollway.reporting.test_reprice import at_prices, made, row
from tollway.cli import cli
from tollway.cli.report_focus import by_list
from tollway.model import Usage
from tollway.reporting.focus import DEFAULT_BY, header


def run(*words: str) -> Result:
    """`tollway report --format focus WORDS`."""
    return CliRunner().invoke(cli, ["report", "--format", "focus", *words])


def read(result: Result) -> list[dict[str, str]]:
    """What was printed."""
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines()))


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger of two users' calls."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))
    return write(tmp_path / "ledger.db", [call("1", user="ann", team="search"), call("2", user="bob")])


def test_a_bill_is_by_day_team_user_and_service(ledger: str) -> None:
    found = read(run())

    assert {(row["x_User"], row["SubAccountId"]) for row in found} == {("ann", "search"), ("bob", "")}
    assert {"x_Team", "x_Service"} <= {*found[0]}
    assert sum(Decimal(row["BilledCost"]) for row in found) == Decimal("0.0009")


def test_by_says_otherwise(ledger: str) -> None:
    found = read(run("--by", "month,program"))

    assert "x_User" not in found[0]
    assert "x_Program" in found[0]
    assert {row["ChargePeriodStart"] for row in found} == {"2026-11-01T00:00:00Z"}


def test_a_week_is_no_charge_period(ledger: str) -> None:
    result = run("--by", "week")

    assert result.exit_code == 2
    assert "Invalid value for --by: a charge period of FOCUS is an hour, a day or a month" in result.stderr


def test_without_a_ledger_there_is_a_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path))

    assert run().stdout == header(DEFAULT_BY)


def test_a_discount_is_off_the_contracted_cost_and_not_off_the_list() -> None:
    book = at_prices({"model": "gpt-5", "discount": "50%"})
    contract = book.price(priced("openai", "gpt-5", input_tokens=1000, output_tokens=10))
    whole = made(input_tokens=1000, output_tokens=10)

    assert contract.nano * 2 == whole.cost.nano
    assert by_list(row(replace(whole, cost=contract))) == row(whole).parts


def test_what_used_nothing_is_charged_as_it_was() -> None:
    assert by_list(row(call(usage=Usage()))) is None


def test_it_imports_nothing_heavy_where_no_prices_are_the_operators_own(ledger: str) -> None:
    code = f"""
import sys
from tollway.cli import main
try:
    main(["report", "--format", "focus"])
except SystemExit:
    print({set(HEAVY)} & set(sys.modules))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)

    assert done.stdout.splitlines()[-1] == "set()"
