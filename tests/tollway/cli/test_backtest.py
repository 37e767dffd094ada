"""`tollway backtest`."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.backtest.samples import call, refused
from tests.tollway.ledger.samples import calls
from tollway.cli import cli
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord

POLICY = """
version: 1
timezone: Europe/Berlin
limits:
  - {name: team-day, per: team, amount: 0.0000025 USD, window: day, alerts: [80%], then: [block]}
  - {name: quiet, amount: 1 USD, window: month, enforce: shadow}
"""
CALLS = (
    *(call(f"ann-{n}", after=60 * n, user="ann", team="ml") for n in range(4)),
    call("ben", after=90, user="ben", team="web", action="wait"),
    refused("cem", after=300, user="cem", team="web"),
)


def write(path: Path, rows: Sequence[CallRecord]) -> str:
    """The URL of a ledger of these calls."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in rows])
    return f"sqlite:{path}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TOLLWAY_HOME", str(folder))
    return folder


@pytest.fixture
def ledger(home: Path) -> str:
    """The ledger that is there by default, with CALLS."""
    return write(home / "ledger.db", CALLS)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """A policy file."""
    path = tmp_path / "next.yaml"
    path.write_text(POLICY)
    return str(path)


def run(*words: str) -> Result:
    """`tollway backtest WORDS`, its output no terminal."""
    return CliRunner().invoke(cli, ["backtest", *words])


def shown(*words: str) -> dict[str, Any]:
    """Its JSON."""
    result = run("--format", "json", *words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_what_would_have_been_stands_beside_what_was(ledger: str, policy: str) -> None:
    found = shown(policy)

    assert (found["policy"], found["calls"], found["saved_usd"]) == (policy, 6, "0.000002")
    assert found["recorded"] == {
        "cost_usd": "0.000005", "notional_usd": "0", "refused": 1, "clamped": 0, "waited": 1, "rerouted": 0,
    }  # fmt: skip
    assert found["backtest"] == {
        "cost_usd": "0.000003", "notional_usd": "0", "refused": 2, "clamped": 0, "waited": 0, "rerouted": 0,
        "alerts": 1,
    }  # fmt: skip
    assert found["first_call"] == "2026-11-25T13:00:00+01:00"


def test_each_limit_and_each_caller_is_told(ledger: str, policy: str) -> None:
    found = shown(policy)

    day, quiet = found["entries"]
    assert day == {
        "kind": "limit", "name": "team-day", "amount": "0.0000025 USD", "window": "day", "per": ["team"],
        "enforce": "hard", "buckets": 2, "buckets_full": 1, "refused_then": 0, "refused": 2,
        "would_refuse": 0, "clamped": 0, "waited": 0, "rerouted": 0,
        "alerts": [{"level": 80, "times": 1, "first": "2026-11-25T13:01:01+01:00"}],
        "saved_usd": "0.000002", "first": "2026-11-25T13:02:00+01:00", "first_bucket": {"team": "ml"},
    }  # fmt: skip
    assert (quiet["name"], quiet["refused"], quiet["first"], quiet["first_bucket"]) == (
        "quiet",
        0,
        None,
        None,
    )
    ann = found["callers"][0]
    assert (ann["user"], ann["service"], ann["calls"], ann["saved_usd"]) == ("ann", None, 4, "0.000002")
    assert ann["refused_by"] == [{"kind": "limit", "name": "team-day", "calls": 2}]
    assert ann["first_refused"] == "2026-11-25T13:02:00+01:00"
    assert len(found["unknown"]) >= 3


def test_text_has_a_summary_the_entries_and_who_is_hit(ledger: str, policy: str) -> None:
    result = run(policy)

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == f"{policy}: 6 calls, 2026-11-25 13:00 to 2026-11-25 13:05, Europe/Berlin"
    assert re.search(r"(?m)^refused +1 +2  33\.3 % of calls, 1 of 3 callers$", result.stdout)
    assert re.search(
        r"(?m)^team-day +0\.0000025 USD a day per team +2 .* 25 Nov 13:02 team=ml$", result.stdout
    )
    assert re.search(r"(?m)^ann +4 .* 2 .* 25 Nov 13:02 +team-day$", result.stdout)
    assert "What a backtest can't know:" in result.stdout


def test_a_span_counts_what_came_before_in_its_windows(ledger: str, policy: str) -> None:
    """Two of ann's calls came before it: of the others none fits."""
    found = shown(policy, "--since", "2026-11-25 13:01:30", "--until", "2026-11-25 13:04")

    assert (found["calls"], found["backtest"]["refused"]) == (3, 2)
    assert (found["since"], found["until"]) == ("2026-11-25T13:01:30+01:00", "2026-11-25T13:04:00+01:00")
    assert shown(policy, "--since", "2026-11-26")["calls"] == 0


def test_a_span_without_calls_and_an_empty_ledger_are_said(ledger: str, policy: str) -> None:
    result = run(policy, "--since", "2027-01-01")

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("No AI calls in that time: there is nothing to try a policy on.")


def test_no_ledger_yet_is_said(home: Path, policy: str) -> None:
    result = run(policy)

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("No AI calls yet: there is nothing to try a policy on.")
    assert shown(policy)["calls"] == 0
    assert not home.exists()


def test_a_ledger_that_was_named_is_there(home: Path, policy: str) -> None:
    result = run(policy, "--ledger", f"sqlite:{home / 'none.db'}")

    assert result.exit_code == 1
    assert "there is no such file" in str(result.exception)


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nlimits: [{name: a, amount: 1 EUR, window: day}]\n",
        "version: 2\n",
        "limits: [",
        "version: 1\nlimits: [{name: a, amount: 1 USD, window: day, then: [{route: none}]}]\n",
        "version: 1\nidentity: [{api_keys: {file: none.yaml}}]\n",
    ],
)
def test_a_policy_with_mistakes_is_told_as_check_tells_it(ledger: str, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    command = [sys.executable, "-m", "tollway"]

    tried, checked = (
        subprocess.run([*command, word, path], capture_output=True, text=True, env=environment(), check=False)
        for word in ("backtest", "check")
    )

    assert (tried.returncode, tried.stdout) == (2, "")
    assert tried.stderr == checked.stdout != ""


def test_no_time_lies_between(ledger: str, policy: str) -> None:
    result = run(policy, "--since", "today", "--until", "yesterday")

    assert result.exit_code == 2
    assert "nothing lies between --since today and --until yesterday" in result.output
    assert "--since" in run(policy, "--since", "soon").output


def test_in_a_terminal_it_is_a_table(ledger: str, policy: str) -> None:
    """In colour, as wide as the terminal is."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "tollway", "backtest", policy]
    settings = environment(TERM="xterm", COLUMNS="100")
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=settings)
    os.close(slave)
    screen = b""
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while data := os.read(master, 65_536):
            screen += data
    os.close(master)

    assert process.wait() == 0
    text = screen.decode()
    assert "\x1b[1;31m" in text
    assert "Replaying the ledger ..." in text
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    assert max(len(line.rstrip()) for line in plain.splitlines()) <= 100
    assert "team-day" in plain


def environment(**more: str) -> dict[str, str]:
    """Of a process that finds the package."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[3] / "addons"), **more}


ANY = ("version: 1\n", POLICY)


@settings(deadline=None, max_examples=25)
@given(st.lists(calls(), max_size=8, unique_by=lambda each: each.id), st.sampled_from(ANY))
def test_what_was_recorded_is_what_the_report_says(
    tmp_path_factory: Any, rows: list[CallRecord], text: str
) -> None:
    """To the nano-dollar, whatever calls there are: those in flight and lost ones, too."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "p.yaml").write_text(text)
    url = write(folder / "ledger.db", rows)

    found = shown(str(folder / "p.yaml"), "--ledger", url)
    bill = json.loads(
        CliRunner().invoke(cli, ["report", "--format", "json", "--by", "", "--ledger", url]).stdout
    )

    assert found["calls"] == bill["total"]["calls"]
    for name in ("cost_usd", "notional_usd"):
        assert found["recorded"][name] == bill["total"][name]


EXAMPLES = sorted((Path(__file__).parents[3] / "policies").glob("*.yaml"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_of_a_policy_can_be_tried(ledger: str, example: Path) -> None:
    found = shown(str(example))

    assert found["calls"] == len(CALLS)
    assert found["recorded"]["cost_usd"] == "0.000005"
