"""`tollway discover`."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from tests.tollway.cli.test_report import HEAVY
from tests.tollway.ledger.test_tunnels import ANN, ONE
from tollway import clock
from tollway.cli import cli
from tollway.ledger.connect import connect
from tollway.ledger.tunnels import note
from tollway.reporting.periods import local

SIGHTINGS = (
    ONE,
    replace(ONE, day="2026-12-01", host="claude.ai", connections=10),
    replace(ONE, day="2026-12-02", who=ANN._replace(user="ben"), connections=100),
)


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """A ledger of three days."""
    path = tmp_path / "ledger.db"
    with closing(connect(path, "process")) as db:
        note(db, SIGHTINGS)
    return f"sqlite:{path}"


def discover(*words: str) -> Result:
    return CliRunner().invoke(cli, ["discover", *words])


def connections(*words: str) -> int:
    result = discover("--format", "json", *words)
    assert result.exit_code == 0, result.output
    total: int = json.loads(result.stdout)["total"]["connections"]
    return total


def test_it_shows_which_services_who_reached_how_much(ledger: str) -> None:
    text = discover("--ledger", ledger).stdout

    assert text.splitlines()[0].split() == [
        "service", "kind", "host", "who", "connections", "refused", "sent", "received", "first", "seen",
        "last", "seen",
    ]  # fmt: skip
    assert "Poe" in text
    assert "ben" in text
    assert "nothing of what was said there was read" in text


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ((), 111),
        (("--since", "2026-12-01"), 110),
        (("--since", "2026-12-01 14:00"), 110),
        (("--until", "2026-12-01"), 1),
        (("--until", "2026-12-01 14:00"), 11),
        (("--until", "2026-12"), 1),
        (("--since", "2026-12-01", "--until", "2026-12-02"), 10),
    ],
)
def test_days_count_whole(ledger: str, words: tuple[str, ...], count: int) -> None:
    """The one that begins amid one, and the one that ends amid one, too."""
    assert connections("--ledger", ledger, *words) == count


def test_days_are_those_of_the_policys_zone(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Pacific/Kiritimati\n")
    path = tmp_path / "ledger.db"
    from zoneinfo import ZoneInfo

    today = local(clock.now_us(), ZoneInfo("Pacific/Kiritimati")).date().isoformat()
    with closing(connect(path, "process")) as db:
        note(db, [replace(ONE, day=today)])

    assert connections("--ledger", f"sqlite:{path}", "--policy", str(policy), "--since", "today") == 1


def test_csv_and_json_are_for_programs(ledger: str) -> None:
    assert discover("--ledger", ledger, "--by", "user", "--format", "csv").stdout.splitlines()[0] == (
        "user,connections,refused,sent_bytes,received_bytes,first_seen,last_seen"
    )
    found = json.loads(discover("--ledger", ledger, "--by", "user", "--format", "json").stdout)
    assert {row["user"]: row["connections"] for row in found["rows"]} == {"ann": 11, "ben": 100}
    assert json.loads(discover("--ledger", ledger, "--by", "", "--format", "json").stdout)["by"] == []


def test_where_nothing_was_seen_it_says_so(
    ledger: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where there is no ledger yet, unless one is named."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    nothing = discover()
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert nothing.stderr == "No AI service that Tollway does not read was seen yet.\n"
    assert "was seen in that time" in discover("--ledger", ledger, "--since", "2027-01-01").stderr
    missing = discover("--ledger", f"sqlite:{tmp_path / 'none.db'}")
    assert missing.exit_code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "city"), "'city' is nothing to group by"),
        (("--since", "soon"), "'soon' is no date"),
        (("--since", "2026-12-02", "--until", "2026-12-01"), "nothing lies between"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], said: str) -> None:
    result = discover(*words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_it_imports_nothing_that_takes_long(ledger: str) -> None:
    code = (
        "import sys; from tollway.cli import cli\n"
        f"cli(['discover', '--ledger', {ledger!r}], standalone_mode=False)\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"
