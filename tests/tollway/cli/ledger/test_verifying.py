"""`tollway ledger verify`."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.redis_server import RedisServer
from tests.tollway.ledger.limits import ended, opened
from tests.tollway.ledger.year import write, year
from tollway import clock
from tollway.cli import cli
from tollway.ledger.connect import connect
from tollway.ledger.sqlite import SqliteLedger
from tollway.policy.limits import Limits
from tollway.policy.load import load

POLICY = "version: 1\nlimits: [{name: day, amount: 100 USD, window: day}]\n"


@pytest.fixture
def ledger(home: Path) -> Path:
    return write(home / "ledger.db", year(3))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["ledger", "verify", *words])


def test_a_ledger_that_is_well_has_a_line_for_each_check(ledger: Path) -> None:
    result = run()

    assert result.exit_code == 0, result.output
    *lines, last = result.stdout.splitlines()
    assert len(lines) == 11
    assert {line.split()[-1] for line in lines} == {"ok"}
    assert last == "buckets have what their rows come to  skipped  (no policy: name it with --policy)"


def test_what_is_wrong_is_named_with_what_to_do(ledger: Path) -> None:
    with closing(connect(ledger, "process")) as db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.execute("UPDATE calls SET cost_nano = 5 WHERE rowid <= 7")
    result = run()

    assert result.exit_code == 1
    (at,) = [n for n, line in enumerate(result.stdout.splitlines()) if "FAILED" in line]
    first, then = result.stdout.splitlines()[at : at + 2]
    assert first.startswith("parts add up to the cost")
    assert "FAILED  7: " in first
    assert first.endswith(", ...")
    assert then.strip().startswith("something else wrote to this file: put it right in SQLite")


async def test_buckets_are_compared_by_the_users_policy(home: Path) -> None:
    home.mkdir()
    (home / "policy.yaml").write_text(POLICY)
    now_us, path = clock.now_us(), home / "ledger.db"
    with closing(SqliteLedger(path)) as ledger:
        await ledger.adopt(Limits(load(POLICY, "p")), now_us)
        await ledger.record(ended(opened("a", at_us=now_us), 30, now_us))
    assert run().stdout.splitlines()[-1].split()[-1] == "ok"
    with closing(connect(path, "process")) as db:
        db.execute("UPDATE balances SET settled = 31")
    result = run("--format", "json")

    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert not said["ok"]
    (failed,) = [each for each in said["checks"] if each["result"] == "failed"]
    assert failed["name"] == "buckets have what their rows come to"
    assert failed["ids"][0].endswith(": 31, and its rows come to 30")


def test_a_policy_that_is_wrong_is_told(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 2\n")

    assert f"{tmp_path / 'p.yaml'}:1" in str(run("--policy", str(tmp_path / "p.yaml")).exception)


def test_of_a_fleet_the_rows_are_checked_and_buckets_are_elsewhere(tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "policy.yaml").write_text(POLICY)
    with closing(RedisServer(tmp_path / "redis")) as server:
        result = run("--ledger", server.url)

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].endswith(
        "skipped  (a fleet's are in Redis: `tollway budgets` shows them)"
    )
