"""`tollway budgets`, over real ledgers."""

import asyncio
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tollway import clock
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket, Enforce, Want
from tollway.cli import cli
from tollway.ledger.open import open_ledger
from tollway.model import Billing, CallRecord, Cost, Source, Usage
from tollway.money import NANO

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "rich", "tiktoken")
NOW_US = int(clock.now() * 1_000_000)
HOUR_US = 3_600_000_000
TEAM = Bucket(
    limit="team-day", key="team-day:1", values={"team": "ml"}, unit=Unit.USD, start_us=NOW_US - HOUR_US,
    end_us=NOW_US + 23 * HOUR_US,
)  # fmt: skip
ALL = Bucket(limit="calls", key="calls:1", unit=Unit.REQUESTS, start_us=0, rolling_us=24 * HOUR_US)
LEDGER = """
import asyncio, sys
from tests.tollway.cli.test_budgets import hold
from tollway.ledger.open import open_ledger

async def begin():
    ledger = open_ledger(sys.argv[1])
    await hold(ledger, "held")
    print("holds", flush=True)
    sys.stdin.read()

asyncio.run(begin())
"""
"""A process that holds 1 USD for a call until it is killed."""


async def hold(ledger: Any, id: str, **fields: Any) -> CallRecord:
    """Admit a call that holds 1 USD of 10 a day, and 1 of 500 requests."""
    opened = call(
        id, state="open", started_us=NOW_US - HOUR_US // 2, team="ml", limits=("calls", "team-day"),
        bound=Amounts(nano=NANO, input_tokens=9, output_tokens=9, requests=1), cost=Cost(), usage=Usage(),
        **fields,
    )  # fmt: skip
    wants = [
        Want(bucket=TEAM, amount=10 * NANO, enforce=Enforce.HARD, hold=NANO),
        Want(bucket=ALL, amount=500, enforce=Enforce.SOFT, hold=1),
    ]
    await ledger.reserve(opened, wants, NOW_US)
    return opened


async def spend(url: str, *settled: CallRecord) -> None:
    """Settle calls that were admitted as `hold` does."""
    ledger = open_ledger(url)
    try:
        for each in settled:
            await hold(ledger, each.id, billing=each.billing)
            await ledger.settle(each)
    finally:
        ledger.close()


def done(id: str, nano: int, **fields: Any) -> CallRecord:
    """A call at its end."""
    return call(
        id, started_us=NOW_US - HOUR_US // 2, ended_us=NOW_US, team="ml", status=200,
        limits=("calls", "team-day"), cost=Cost(input_nano=nano, source=Source.COMPUTED), **fields,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


@pytest.fixture
def url(home: Path) -> str:
    """The URL of the ledger that is there by default; there is none yet."""
    home.mkdir()
    return f"sqlite:{home / 'ledger.db'}"


def run(*words: str) -> Result:
    """`tollway budgets WORDS`, its output no terminal."""
    return CliRunner().invoke(cli, ["budgets", *words])


def shown(*words: str) -> dict[str, Any]:
    """Its JSON."""
    result = run("--format", "json", *words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_every_bucket_is_shown(url: str) -> None:
    """What is settled, what is left; money as text, counts as numbers."""
    asyncio.run(spend(url, done("a", 2 * NANO), done("b", NANO // 2)))

    found = {row.pop("limit"): row for row in shown()["budgets"]}
    team, calls = found["team-day"], found["calls"]
    names = ("bucket", "enforce", "unit", "amount", "settled", "held", "left")
    assert [team[name] for name in names] == [{"team": "ml"}, "hard", "USD", "10", "2.5", "0", "7.5"]
    assert (calls["amount"], calls["settled"], calls["left"], calls["until"]) == (500, 2, 498, None)
    assert set(team) == {
        "bucket", "from", "until", "enforce", "unit", "amount", "settled", "held", "left", "per_hour",
        "exhausted_at",
    }  # fmt: skip


def test_without_a_terminal_it_is_plain_text(url: str) -> None:
    """A bucket a line, without colour."""
    asyncio.run(spend(url, done("a", 2 * NANO)))
    result = run()

    assert result.exit_code == 0
    head, *lines = result.stdout.splitlines()
    assert head.split()[:3] == ["limit", "bucket", "until"]
    assert sorted(line.split()[0] for line in lines) == ["calls", "team-day"]
    assert "\x1b" not in result.stdout


def test_times_are_those_of_the_policys_zone(url: str, tmp_path: Path) -> None:
    """Of the policy that is named, or of the user's own."""
    asyncio.run(spend(url, done("a", NANO)))
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Asia/Tokyo\n")

    assert {row["from"][-6:] for row in shown("--policy", str(policy))["budgets"]} == {"+09:00"}
    assert {row["from"][-6:] for row in shown()["budgets"]} == {"+00:00"}


def test_a_limit_in_usd_that_met_only_flat_plans_says_so(url: str) -> None:
    """It counts nothing of them."""
    asyncio.run(spend(url, done("a", 0, billing=Billing.NOTIONAL)))
    assert shown()["flat_plan"] == []

    asyncio.run(recorded(url, done("b", 5 * NANO, billing=Billing.NOTIONAL)))
    assert shown()["flat_plan"] == ["team-day"]
    assert "team-day met only calls under a flat plan" in run().stdout


async def recorded(url: str, plan: CallRecord) -> None:
    """A row that no bucket counts."""
    ledger = open_ledger(url)
    try:
        await ledger.record(plan)
    finally:
        ledger.close()


@pytest.mark.parametrize("style", ["table", "json"])
def test_no_ledger_yet_is_no_mistake(home: Path, style: str) -> None:
    """With a hint beside it, and no file made."""
    result = run("--format", style)

    assert result.exit_code == 0
    if style == "json":
        assert json.loads(result.stdout) == {"budgets": [], "holds": [], "flat_plan": []}
    else:
        assert (result.stdout, result.stderr[:15]) == ("", "No budgets yet.")
    assert not home.exists()


def test_a_ledger_without_limits_says_what_makes_some(url: str) -> None:
    """Calls alone have no budget."""
    asyncio.run(recorded(url, done("a", NANO)))

    assert run().stderr.startswith("No budgets yet. A policy with `limits` has some")


def test_a_ledger_that_was_named_is_there(home: Path, tmp_path: Path) -> None:
    """A slip of the pen is no empty answer, nor a new ledger."""
    named = f"sqlite:{tmp_path / 'none.db'}"
    for words in ([], ["--release", "a"]):
        result = command("--ledger", named, *words)
        assert result.returncode == 1
        assert result.stderr == f"tollway: ledger {tmp_path / 'none.db'}: there is no such file\n"
    assert not (tmp_path / "none.db").exists()


def command(*words: str) -> subprocess.CompletedProcess[str]:
    """`tollway budgets WORDS` as a process of its own."""
    line = [sys.executable, "-m", "tollway", "budgets", *words]
    return subprocess.run(line, capture_output=True, text=True, env=environment(), check=False)


def environment(**more: str) -> dict[str, str]:
    """Of a process that finds the package."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    root = Path(__file__).parents[3]
    return {**kept, "PYTHONPATH": f"{root / 'addons'}{os.pathsep}{root}", **more}


def test_what_a_dead_process_held_can_be_released(url: str) -> None:
    """In flight it can't; once its process is dead it can, once."""
    with subprocess.Popen(
        [sys.executable, "-c", LEDGER, url], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"holds\n"
        (held,) = shown()["holds"]
        assert (held["call"], held["state"], held["alive"], held["bound_usd"]) == ("held", "open", True, "1")
        refused = command("--release", "held")
        assert refused.returncode == 1
        assert refused.stderr.startswith("tollway: call held: it is in flight, and its process lives")
        process.kill()

    (held,) = shown()["holds"]
    assert (held["call"], held["alive"]) == ("held", False)
    assert "tollway budgets --release held" in run().stdout

    result = run("--release", "held")
    assert (result.exit_code, result.stderr) == (0, "held is released: it is charged nothing.\n")
    found = {row["limit"]: row for row in shown()["budgets"]}
    assert (found["team-day"]["settled"], found["team-day"]["held"]) == ("0", "0")
    assert shown()["holds"] == []
    again = command("--release", "held")
    assert (again.returncode, again.stderr) == (1, "tollway: call held: it ended, and holds nothing\n")


def test_what_no_call_is_called_can_not_be_released(url: str) -> None:
    """With a hint at where ids are."""
    asyncio.run(spend(url, done("a", NANO)))
    result = command("--release", "b")

    assert result.returncode == 1
    assert result.stderr.startswith("tollway: call b: there is none of that id")


def test_in_a_terminal_it_is_a_table(url: str) -> None:
    """In colour, with short figures."""
    asyncio.run(spend(url, done("a", 2 * NANO)))
    master, slave = pty.openpty()
    line = [sys.executable, "-m", "tollway", "budgets"]
    process = subprocess.Popen(
        line, stdin=slave, stdout=slave, stderr=slave, env=environment(TERM="xterm", COLUMNS="130")
    )
    os.close(slave)
    screen = b""
    try:
        while data := os.read(master, 65536):
            screen += data
    except OSError:  # Linux: the other side is closed
        pass
    os.close(master)

    assert process.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", screen.decode())
    assert "\x1b[" in screen.decode()
    assert "Budgets, UTC" in plain
    assert re.search(r" team-day +team=ml +20% +\$8.00 +\$10.00 +\$2.00 +- ", plain)


def test_it_starts_without_what_it_does_not_need(url: str) -> None:
    """They take a second."""
    asyncio.run(spend(url, done("a", NANO)))
    program = (
        "import sys\nfrom tollway.cli import cli\ncli(['budgets'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment())

    assert ended.stderr == "[]\n"
