"""`tollway ledger import`."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.archive.moved import out, rows
from tests.tollway.ledger.limits import Limit, Limits, ended, opened
from tests.tollway.ledger.samples import call
from tests.tollway.ledger.year import write, year
from tollway import clock
from tollway.cli import cli
from tollway.cli.ledger.importing import AGAIN
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.sqlite import SqliteLedger


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of 24 calls."""
    out(write(tmp_path / "from.db", year(2)), tmp_path / "a.jsonl.gz")
    return tmp_path / "a.jsonl.gz"


def run(*words: str, **options: object) -> Result:
    return CliRunner().invoke(cli, ["ledger", "import", *words], **options)  # type: ignore[arg-type]


def test_a_ledger_is_made_of_it_and_twice_is_once(file: Path, home: Path, tmp_path: Path) -> None:
    first, again = run(str(file)), run(str(file))

    assert (first.exit_code, first.stdout, first.stderr) == (0, "24 rows came, 0 were there already\n", "")
    assert (again.exit_code, again.stdout) == (0, "0 rows came, 24 were there already\n")
    assert rows(home / "ledger.db") == rows(tmp_path / "from.db")


def test_standard_input_is_read(file: Path, home: Path) -> None:
    assert run("-", input=file.read_bytes()).stdout.startswith("24 rows came")


def test_a_program_reads_what_came_of_it(file: Path, home: Path) -> None:
    assert json.loads(run(str(file), "--format", "json").stdout) == {
        "new": 24, "same": 0, "other": 0, "others": [], "open": 0, "count_again": False,
    }  # fmt: skip


def test_what_is_there_otherwise_fails_and_is_told(tmp_path: Path, home: Path) -> None:
    out(write(tmp_path / "from.db", [call(f"c{n}") for n in range(7)]), tmp_path / "a")
    write(home / "ledger.db", [call(f"c{n}", status=500) for n in range(6)])
    result = run(str(tmp_path / "a"))

    assert result.exit_code == 1
    assert result.stdout == "1 rows came, 0 were there already\n"
    assert result.stderr == "6 are there otherwise, and stay as they are: c0, c1, c2, c3, c4, ...\n"


def test_calls_in_flight_are_left_out_and_told(tmp_path: Path, home: Path) -> None:
    out(write(tmp_path / "from.db", [call("a", state="open"), call("b")]), tmp_path / "a")
    result = run(str(tmp_path / "a"))

    assert result.exit_code == 0
    assert "1 were in flight, and were left out: a; export them again once they have ended" in result.stderr
    with closing(connect_to_read(home / "ledger.db")) as db:
        assert db.execute("SELECT id FROM calls").fetchall() == [("b",)]


async def test_that_limits_have_to_count_it_is_told(tmp_path: Path, home: Path) -> None:
    now_us = clock.now_us()
    out(write(tmp_path / "from.db", [ended(opened("a", at_us=now_us), 5, now_us)]), tmp_path / "a")
    home.mkdir()
    with closing(SqliteLedger(home / "ledger.db")) as ledger:
        await ledger.adopt(Limits(Limit("day")), now_us)
        await ledger.record(ended(opened("b", at_us=now_us), 5, now_us))

    assert AGAIN in run(str(tmp_path / "a")).stderr


def test_a_fleet_and_a_journal_are_refused(file: Path, home: Path, tmp_path: Path) -> None:
    result = run(str(file), "--ledger", "redis://127.0.0.1:1/0")
    assert result.exit_code == 2
    assert "a fleet's calls come from its own processes: name a file, --ledger sqlite:PATH" in result.stderr
    with closing(connect(tmp_path / "1.db", "process")) as db:
        db.execute("CREATE TABLE outbox (n)")

    assert "it is the journal of a fleet's process" in str(
        run(str(file), "--ledger", f"sqlite:{tmp_path / '1.db'}").exception
    )


def test_a_ledger_that_takes_nothing_is_told(file: Path, home: Path) -> None:
    write(home / "ledger.db", [])
    with closing(connect(home / "ledger.db", "process")) as db:
        db.execute("CREATE TRIGGER no BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'no more'); END")

    assert f"ledger {home / 'ledger.db'}: IntegrityError: no more" in str(run(str(file)).exception)


@pytest.mark.slow
def test_killed_in_the_middle_it_has_whole_rows_and_goes_on_the_next_time(tmp_path: Path, home: Path) -> None:
    """As a process, by `kill -9`."""
    out(write(tmp_path / "from.db", year(365, 20)), tmp_path / "a")
    to = write(home / "ledger.db", [])
    command = [sys.executable, "-m", "tollway", "ledger", "import", str(tmp_path / "a")]
    with subprocess.Popen(command, env=os.environ | {"TOLLWAY_HOME": str(home)}) as process:
        with closing(connect_to_read(to)) as db:
            while process.poll() is None and not db.execute("SELECT count(*) FROM calls").fetchone()[0]:
                pass
        process.send_signal(signal.SIGKILL)
    before = {row[0] for row in rows(to)[0]}
    assert before
    result = run(str(tmp_path / "a"))

    assert result.exit_code == 0, result.output
    assert result.stdout == f"{365 * 20 - len(before):,} rows came, {len(before):,} were there already\n"
    assert rows(to) == rows(tmp_path / "from.db")
