"""`tollway top` without a terminal: a snapshot, for people and for programs."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tollway import clock
from tollway.cli import cli
from tollway.errors import TollwayError
from tollway.ledger.connect import connect
from tollway.ledger.open import open_ledger
from tollway.model import Cost
from tollway.money import NANO

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "tiktoken")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A ledger with a call of a dollar and a half, just now."""

    async def write() -> None:
        ledger = open_ledger(f"sqlite:{tmp_path / 'ledger.db'}")
        now_us = int(clock.now() * 1_000_000)
        await ledger.record(
            call("a", started_us=now_us, user="ann", status=200, cost=Cost(input_nano=3 * NANO // 2))
        )
        ledger.close()

    asyncio.run(write())
    return f"sqlite:{tmp_path / 'ledger.db'}"


def run(*words: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(cli, ["top", *words], catch_exceptions=False)


def test_a_snapshot_is_plain_text(url: str) -> None:
    """Without escapes, as wide as a reader of a pipe likes."""
    for words in (["--once"], []):
        found = run(*words, "--span=hour", f"--ledger={url}")
        lines = found.stdout.splitlines()

        assert found.exit_code == 0
        assert lines[0].startswith("last hour $1.50  1 call  0 in flight")
        assert "\x1b" not in found.stdout
        assert any("ann" in line and "$1.50" in line and " 200 " in f"{line} " for line in lines[-2:])


def test_what_standard_output_has_no_characters_for_is_printed_all_the_same(url: str) -> None:
    """Callers choose some texts."""
    path = url.removeprefix("sqlite:")
    with closing(connect(Path(path), "process")) as db:
        db.execute("UPDATE calls SET user = ?", ("zo\xeb\x1b",))
    words = [sys.executable, "-m", "tollway", "top", "--once", "--span=hour", f"--ledger={url}"]
    variables = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONPATH": "addons"}
    ran = subprocess.run(words, capture_output=True, env=variables, check=True)

    assert "zo\xeb?" in ran.stdout.decode("latin-1")


def test_a_snapshot_is_json(url: str) -> None:
    found = json.loads(run("--format=json", "--span=30d", f"--ledger={url}").stdout)

    assert (found["span"], found["total"]["cost_usd"], found["timezone"]) == ("last 30 days", "1.5", "UTC")
    assert [one["user"] for one in found["calls"]] == ["ann"]


def test_times_are_in_the_policys_zone(url: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Asia/Tokyo\n")

    assert "Asia/Tokyo" in run("--once", f"--ledger={url}", f"--policy={policy}").stdout


def test_a_ledger_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It says how there comes to be one."""
    with pytest.raises(TollwayError, match=r"none\.db: there is no such file"):
        run("--once", f"--ledger=sqlite:{tmp_path / 'none.db'}")
    with pytest.raises(TollwayError, match="no ledger yet: `tollway run -- claude`"):
        run("--once", TOLLWAY_HOME=str(tmp_path))


def test_it_imports_nothing_that_it_has_no_use_for() -> None:
    """It is there at once."""
    code = (
        "import sys; from tollway.cli import top; import tollway.live.terminal;"
        f" print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
