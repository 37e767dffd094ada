"""`tollway statement`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.cli.test_report import environment
from tests.tollway.statement.year import of_month, spent, write, year
from tollway.cli import cli
from tollway.errors import TollwayError
from tollway.money import usd

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "rich", "tiktoken")
CALLS = year()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the year's ledger, and a policy of Berlin's time."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    write(folder / "ledger.db", CALLS)
    (folder / "policy.yaml").write_text("version: 1\ntimezone: Europe/Berlin\n")
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["statement", *words])


def cost(*words: str) -> str:
    """The total that its JSON says."""
    found = run(*words, "--format", "json")
    assert found.exit_code == 0, found.output
    said: str = json.loads(found.stdout)["total"]["cost_usd"]
    return said


def test_of_the_company_a_team_a_user(home: Path) -> None:
    """To the nano-dollar, in the policy's time zone."""
    october = of_month(CALLS, "2026-10")

    assert cost("--month", "2026-10") == usd(spent(october))
    assert cost("--month", "2026-10", "--team", "research") == usd(
        spent([each for each in october if each.team == "research"])
    )
    assert cost("--month", "2026-10", "--user", "ann") == usd(
        spent([each for each in october if each.user == "ann"])
    )
    assert cost("--month", "2026-10", "--service", "none") == "0"


def test_it_agrees_with_the_report(home: Path) -> None:
    words = ["report", "--by", "", "--since", "2026-10", "--until", "2026-11", "--format", "json"]
    total = json.loads(CliRunner().invoke(cli, words).stdout)["total"]

    assert json.loads(run("--month", "2026-10", "--format", "json").stdout)["total"] == total


def test_each_form(home: Path, tmp_path: Path) -> None:
    page = tmp_path / "statement.html"

    assert run("--month", "2026-10").stdout.startswith("AI calls of the whole company, October 2026\n====")
    assert run("--month", "2026-10", "--format", "markdown").stdout.startswith(
        "**AI calls of the whole company"
    )
    assert run("--month", "2026-10", "--format", "html").stdout.startswith("<!doctype html>\n<html")
    found = run("--month", "2026-10", "--team", "research", "--format", "html", "-o", str(page))
    assert (found.stdout, found.stderr) == ("", f"{page} has the statement.\n")
    assert "<h1>AI calls of team research, October 2026</h1>" in page.read_text("utf-8")


def test_without_a_month_it_is_the_last_that_is_over(home: Path) -> None:
    said = json.loads(run("--format", "json").stdout)

    assert said["whole"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--month", "11"], "'11' is no month: write it as 2026-11"),
        (["--month", "2199-01"], "--month 2199-01 has not begun yet"),
        (["--team", "a", "--user", "b"], "a statement is of one --team, one --user or one --service"),
        (["--format", "csv"], "'csv' is not one of"),
        (["--team", ""], "--team has no name: say whose, or leave it out for everybody's"),
        (["--user", "", "--service", "ci"], "--user has no name"),
    ],
)
def test_wrong_use(home: Path, words: list[str], said: str) -> None:
    found = run(*words)

    assert found.exit_code == 2
    assert said in found.stderr


def test_a_file_that_can_not_be_written_is_named(home: Path, tmp_path: Path) -> None:
    found = run("--month", "2026-10", "-o", str(tmp_path / "no" / "file"))

    assert isinstance(found.exception, TollwayError)
    assert str(found.exception).startswith(f"the statement can't be written to {tmp_path / 'no' / 'file'}: ")


def test_no_ledger_yet_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "none"))

    assert str(run("--month", "2026-10").exception).startswith("no ledger yet")


@pytest.mark.parametrize("style", ["text", "html", "json", "markdown"])
def test_it_imports_nothing_heavy(home: Path, style: str) -> None:
    code = f"""
import sys
from tollway.cli import main
try:
    main(["statement", "--month", "2026-10", "--format", "{style}", "-o", "/dev/null"])
except SystemExit:
    print({set(HEAVY)} & set(sys.modules))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)

    assert done.stdout.splitlines()[-1] == "set()"
