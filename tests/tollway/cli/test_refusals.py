"""`tollway report --refused`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tests.tollway.statement.year import write, year
from tollway.cli import cli
from tollway.model import Cost

CALLS = year()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["report", "--refused", *words])


def test_refusals_by_reason_and_limits(home: Path) -> None:
    write(home / "ledger.db", CALLS)

    said = json.loads(run("--format", "json").stdout)

    refused = [each for each in CALLS if each.error in ("over_limit", "over_rate", "access_denied")]
    assert said["total"]["calls"] == len(refused)
    assert {(row["reason"], *row["limits"]) for row in said["refused"]} == {
        ("over_limit", "day", "burst"), ("over_rate", "burst"), ("access_denied", "day", "burst"),
    }  # fmt: skip
    by = json.loads(run("--by", "team,month", "--format", "json").stdout)
    assert by["by"] == ["team", "month"]
    assert sum(row["calls"] for row in by["refused"]) == len(refused)


def test_text_says_that_it_is_an_estimate(home: Path) -> None:
    write(home / "ledger.db", CALLS)

    for style in ("table", "markdown"):
        found = run("--since", "2026-01", "--format", style)
        assert "Refused calls, since 2026-01-01 00:00, UTC" in found.stdout
        assert "an estimate" in found.stdout
    assert run("--format", "csv").stdout.startswith("reason,limits,calls,likely_usd,bound_usd\n")


def test_nothing_refused_is_said(home: Path) -> None:
    """Of a ledger without any, and where there is none yet."""
    assert run().stderr == "No call was refused.\n"
    write(home / "ledger.db", [call(cost=Cost())])
    assert run().stderr == "No call was refused.\n"
    assert json.loads(run("--format", "json").stdout)["refused"] == []
