"""`tollway report`."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tollway.cli import cli
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord, Cost, Source, Usage
from tollway.reporting.periods import moment

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "rich", "tiktoken")


def at(text: str) -> int:
    """A moment, from a time with its offset."""
    return moment(datetime.fromisoformat(text))


CALLS = (
    call("1", started_us=at("2026-10-25T23:30+01:00"), tags={"project": "apollo"}),
    call("2", started_us=at("2026-10-26T00:30+01:00"), model="gpt-5", provider="openai"),
    call(
        "3", started_us=at("2026-10-26T01:30+01:00"), usage=Usage(input_tokens=3), state="open",
        cost=Cost(input_nano=9_000_000_000, source=Source.ESTIMATED),
    ),
)  # fmt: skip


def write(path: Path, calls: Sequence[CallRecord]) -> str:
    """The URL of a ledger of these calls."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in calls])
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


def run(*words: str) -> Result:
    """`tollway report WORDS`, its output no terminal."""
    return CliRunner().invoke(cli, ["report", *words])


def rows(*words: str) -> list[dict[str, Any]]:
    """The rows of its JSON."""
    result = run("--format", "json", *words)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["rows"]
    return found


def test_the_bill_is_by_day_provider_and_model(ledger: str) -> None:
    """Plain text where it does not go to a terminal; calls in flight at their estimate."""
    result = run()

    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        "day provider model calls input_tokens output_tokens cost_usd estimated_usd".split(),
        "2026-10-25 anthropic claude-sonnet-4-5 1 100 10 0.000450 0.00".split(),
        "2026-10-25 openai gpt-5 1 100 10 0.000450 0.00".split(),
        "2026-10-26 anthropic claude-sonnet-4-5 1 3 - 9.000000 9.00".split(),
        "total - - 3 203 20 9.000900 9.00".split(),
    ]


def test_days_are_those_of_the_policys_zone(ledger: str, tmp_path: Path, home: Path) -> None:
    """Of the policy that is named, or of the user's own."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\ntimezone: Asia/Tokyo\nof no use: here\n")
    assert [row["day"] for row in rows("--by", "day")] == ["2026-10-25", "2026-10-26"]
    assert [row["day"] for row in rows("--by", "day", "--policy", str(policy))] == ["2026-10-26"]
    (home / "policy.yaml").write_text("version: 1\ntimezone: America/New_York\n")
    assert [row["day"] for row in rows("--by", "day")] == ["2026-10-25"]


def test_by_a_tag(ledger: str) -> None:
    """null where there is none."""
    found = [(row["tag.project"], row["calls"]) for row in rows("--by", "tag.project")]

    assert sorted(found, key=str) == [("apollo", 1), (None, 2)]


def test_bounds(ledger: str) -> None:
    """In the zone; a date is its beginning."""
    assert [row["calls"] for row in rows("--by", "", "--since", "2026-10-26")] == [1]
    assert [row["calls"] for row in rows("--by", "", "--until", "2026-10-25T23:30Z")] == [1]
    assert rows("--by", "", "--until", "2026-10-25") == []


def test_bounds_are_told(ledger: str) -> None:
    """In the output, as they were understood."""
    found = json.loads(run("--format", "json", "--since", "2026-10-25", "--until", "2026-10-27").stdout)

    assert (found["since"], found["until"]) == ("2026-10-25T00:00:00+00:00", "2026-10-27T00:00:00+00:00")


def test_a_span_reaches_back_from_now(home: Path) -> None:
    """The clock is the machine's."""
    write(home / "ledger.db", [call(started_us=at("2026-10-01T00:00+00:00"))])

    assert rows("--by", "", "--since", "999999h") != []
    assert rows("--by", "", "--since", "0m") == []


def test_csv(ledger: str) -> None:
    """For sheets and programs."""
    found = list(csv.DictReader(io.StringIO(run("--by", "provider", "--format", "csv").stdout)))

    assert [(row["provider"], row["calls"], row["cost_usd"]) for row in found] == [
        ("anthropic", "2", "9.00045"),
        ("openai", "1", "0.00045"),
    ]


def test_focus_takes_no_prices(ledger: str) -> None:
    """It has the list's beside what was charged."""
    result = run("--format", "focus", "--prices", "list.yaml")

    assert result.exit_code == 2
    assert "--format focus has list, contracted and billed cost: it takes no --prices" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "modl"], "Invalid value for '--by': nothing is called 'modl': did you mean model?"),
        (["--since", "soon"], "Invalid value for --since: 'soon' is no date, time or span: write 2026-11-23"),
        (["--until", "2026-02-30"], "Invalid value for --until: '2026-02-30' is no date"),
        (
            ["--since", "2026-11", "--until", "2026-10"],
            "nothing lies between --since 2026-11 and --until 2026-10",
        ),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_use(ledger: str, words: list[str], said: str) -> None:
    """Says what is wrong, and exits with 2."""
    result = run(*words)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timezone: Mars/Base\n", ":1:11: timezone: no time zone is called 'Mars/Base': write it"),
        ("timezone: [1]\n", ":1:11: timezone: no time zone is called [1]"),
        ("timezone: {\n", ": is no YAML: `tollway check` says where it goes wrong"),
        (None, ": can't be read: No such file or directory"),
    ],
)  # fmt: skip
def test_a_policy_that_has_no_zone(tmp_path: Path, text: str | None, said: str) -> None:
    """Names its file and place."""
    policy = tmp_path / "policy.yaml"
    if text is not None:
        policy.write_text(text)
    result = report("--policy", str(policy))

    assert result.returncode == 2
    assert f"{policy}{said}" in result.stderr


@pytest.mark.parametrize("text", ["", "version: 1\n", "- 1\n"])
def test_a_policy_without_a_zone_is_utc(ledger: str, tmp_path: Path, text: str) -> None:
    """What else may be wrong with it is not for the bill to say."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(text)

    assert [row["day"] for row in rows("--by", "day", "--policy", str(policy))] == [
        "2026-10-25",
        "2026-10-26",
    ]


def test_no_ledger_yet_is_an_empty_bill(home: Path) -> None:
    """With a hint beside it, and no file made."""
    result = run()

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "No AI calls yet. `tollway run -- claude` (or any program) records some.\n"
    assert rows() == []
    assert run("--format", "csv").stdout.startswith("day,provider,model,calls,")
    assert not home.exists()


def test_no_calls_in_that_time_is_said(ledger: str) -> None:
    """So that nobody takes it for an empty ledger."""
    assert run("--since", "2027-01-01").stderr.startswith("No AI calls in that time.")


def test_a_ledger_that_was_named_is_there(home: Path, tmp_path: Path) -> None:
    """A slip of the pen is no empty bill."""
    result = report("--ledger", f"sqlite:{tmp_path / 'none.db'}")

    assert result.returncode == 1
    assert result.stderr == f"tollway: ledger {tmp_path / 'none.db'}: there is no such file\n"


def report(*words: str) -> subprocess.CompletedProcess[str]:
    """`tollway report WORDS` as a process of its own."""
    command = [sys.executable, "-m", "tollway", "report", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)


def environment(**more: str) -> dict[str, str]:
    """Of a process that finds the package."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[3] / "addons"), **more}


def test_in_a_terminal_it_is_a_table(ledger: str) -> None:
    """In colour, with short figures, as wide as the terminal is."""
    settings = environment(TERM="xterm", COLUMNS="100")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "tollway", "report"]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=settings)
    os.close(slave)
    shown = b""
    try:
        while data := os.read(master, 65536):
            shown += data
    except OSError:  # Linux: the other side is closed
        pass
    os.close(master)

    assert process.wait() == 0
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
    assert "\x1b[" in shown.decode()
    assert "AI calls, UTC" in plain
    assert " 2026-10-26  anthropic  claude-sonnet-4-5      1      3       -  9.000000         9.00" in plain
    assert "estimated: the part of the cost that rests on an estimate" in plain


def test_it_imports_nothing_heavy(ledger: str) -> None:
    """mitmproxy and the price list take a second, pydantic and asyncio a tenth: a report takes less."""
    code = f"""
import sys
from tollway.cli import main
try:
    main(["report"])
except SystemExit:
    print({set(HEAVY)} & set(sys.modules))
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)

    assert done.stdout.splitlines()[-1] == "set()"


def test_the_calls_are_priced_again_by_a_list_and_nothing_recorded_changes(
    ledger: str, tmp_path: Path
) -> None:
    """Two calls of 100 tokens in and 10 out, at 1 and 2 a million; the third has no price of output.

    What was recorded is as it was before.
    """
    prices = tmp_path / "prices.yaml"
    prices.write_text("version: 1\nprices:\n  - {model: '*', provider: '*o*', free: true}\n")
    before = rows("--by", "model")

    result = run("--by", "model", "--prices", str(prices), "--format", "json")

    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["total"]["calls"] == 3
    assert [row["repriced_usd"] for row in found["rows"]] == ["0", "0"]
    assert [row["cost_usd"] for row in found["rows"]] == [row["cost_usd"] for row in before]
    assert rows("--by", "model") == before


def test_prices_by_text_and_csv_and_of_an_empty_ledger(ledger: str, tmp_path: Path, home: Path) -> None:
    """A list that says nothing means the built-in prices alone."""
    prices = tmp_path / "prices.yaml"
    prices.write_text("version: 1\n")
    text, sheet = (run("--by", "", "--prices", str(prices), *more) for more in ([], ["--format", "csv"]))
    none = run("--prices", str(prices), "--since", "2027-01-01")

    assert text.stdout.splitlines()[0] == "calls  cost_usd  repriced_usd  difference_usd"
    assert "prices: genai-prices " in text.stdout
    assert sheet.stdout.startswith("calls,kept,cost_usd,repriced_usd,")
    assert none.exit_code == 0
    (home / "ledger.db").unlink()
    assert run("--prices", str(prices)).exit_code == 0


def test_a_list_that_cannot_be_used_is_named_by_line(ledger: str, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("version: 1\nprices: [{model: x}]\n")

    result = run("--prices", str(prices))

    assert str(result.exception).startswith(f"{prices}:2:10: prices[0]: say one thing")


def test_markdown_is_for_a_message(ledger: str, tmp_path: Path) -> None:
    """Of the bill, and of the same calls at other prices."""
    prices = tmp_path / "prices.yaml"
    prices.write_text("version: 1\nprices:\n  - {model: '*', provider: '*o*', free: true}\n")

    plain = run("--by", "provider", "--format", "markdown").stdout.splitlines()
    again = run("--by", "provider", "--format", "markdown", "--prices", str(prices)).stdout

    assert plain[:3] == [
        "**AI calls, UTC**",
        "",
        "| provider | calls | input | output | cost $ | estimated $ |",
    ]
    assert plain[-1] == "estimated: the part of the cost that rests on an estimate"
    assert "| provider | calls | cost $ | repriced $ | difference $ |" in again


def test_a_session_says_when_it_was(ledger: str, home: Path) -> None:
    write(
        home / "ledger.db",
        [call("s", session="s1", program="codex", started_us=at("2026-10-27T10:15+00:00"))],
    )

    lines = [line.split() for line in run("--by", "session,program").stdout.splitlines()]

    assert lines[0][:5] == ["session", "program", "first", "last", "calls"]
    assert ["s1", "codex", "2026-10-27T10:15", "2026-10-27T10:15", "1"] in [line[:5] for line in lines]


def test_the_cache_s_answers_say_what_they_saved(ledger: str, home: Path) -> None:
    write(home / "ledger.db", [call("h", cache="hit", saved_nano=5 * 10**9, cost=Cost())])

    assert [(row["cache"], row["saved_usd"]) for row in rows("--by", "cache")] == [(None, "0"), ("hit", "5")]
