"""`tollway cache`: what is kept is shown and deleted."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.tollway.caching.kept import answer
from tollway import clock
from tollway.cache.fault import CacheError
from tollway.cache.file import beside
from tollway.cache.sqlite import SqliteAnswers
from tollway.cli import cli

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "tiktoken")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A ledger beside which three answers are kept, of which one was given twice."""
    now_us = clock.now_us()
    with closing(SqliteAnswers(beside(tmp_path / "ledger.db"), 10**9)) as answers:
        others: list[dict[str, Any]] = [{}, {"scope": "team a"}, {"rule": "other", "model": "gpt-5-mini"}]
        for n, each in enumerate(others):
            answers.keep(b"%032d" % n, answer(made_us=now_us, until_us=now_us + 10**10, **each))
        answers.hit(b"%032d" % 0, now_us)
        answers.hit(b"%032d" % 0, now_us)
    return f"sqlite:{tmp_path / 'ledger.db'}"


def run(*words: str, **variables: str) -> Result:
    return CliRunner(env=variables).invoke(cli, ["cache", *words], catch_exceptions=False)


def rows(url: str) -> list[dict[str, object]]:
    found = json.loads(run("stats", "--format=json", f"--ledger={url}").stdout)
    return list(found["answers"])


def test_what_is_kept_is_shown_with_what_it_saved(url: str) -> None:
    ran = run("stats", f"--ledger={url}")

    assert ran.exit_code == 0
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert lines[0] == ["rule", "scope", "provider", "model", "answers", "bytes", "hits", "saved_usd"]
    assert ["r", "user", "ann", "openai", "gpt-5", "1"] in [line[:6] for line in lines]
    assert lines[-1][0] == "total"
    assert lines[-1][-2:] == ["2", "0.000003"]


def test_a_program_reads_the_same(url: str, tmp_path: Path) -> None:
    found = json.loads(run("stats", "--format=json", f"--ledger={url}").stdout)

    assert found["file"] == str(beside(tmp_path / "ledger.db"))
    assert found["file_bytes"] > 0
    assert found["total"] | {"bytes": 0} == {"answers": 3, "bytes": 0, "hits": 2, "saved_usd": "0.000003"}
    assert {row["rule"] for row in found["answers"]} == {"r", "other"}


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["--rule=other"], 2),
        (["--scope=team"], 2),
        (["--scope=team a"], 2),
        (["--model=gpt-5"], 1),
        (["--rule=r", "--scope=user ann"], 2),
        (["--all"], 0),
    ],
)
def test_what_is_said_is_deleted_and_how_much_it_was(url: str, words: list[str], left: int) -> None:
    ran = run("clear", *words, f"--ledger={url}", "--format=json")

    assert ran.exit_code == 0
    cleared = json.loads(ran.stdout)
    assert cleared["answers"] == 3 - left
    assert cleared["bytes"] > 0
    assert len(rows(url)) == left


def test_people_are_told_in_words(url: str) -> None:
    one = run("clear", "--rule=other", f"--ledger={url}")
    none = run("clear", "--all", "--ledger=sqlite:/none")

    assert one.stdout.startswith("deleted 1 answer, which took ")
    assert none.stdout == "deleted 0 answers, which took 0 bytes\n"


@pytest.mark.parametrize("words", [[], ["--all", "--rule=r"]])
def test_one_has_to_say_what_is_deleted(url: str, words: list[str]) -> None:
    ran = run("clear", *words, f"--ledger={url}")

    assert ran.exit_code == 2
    assert "say which: --rule, --scope or --model, or --all" in ran.output
    assert len(rows(url)) == 3


def test_where_nothing_is_kept_it_says_how_that_begins(tmp_path: Path) -> None:
    ran = run("stats", TOLLWAY_HOME=str(tmp_path))
    found = run("stats", "--format=json", TOLLWAY_HOME=str(tmp_path))

    assert (ran.exit_code, ran.stdout) == (0, "")
    assert "No answers are kept" in ran.stderr
    assert json.loads(found.stdout)["total"] == {"answers": 0, "bytes": 0, "hits": 0, "saved_usd": "0"}
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    beside(path).write_bytes(b"x" * 5000)

    with pytest.raises(CacheError, match="no SQLite database"):
        run("stats", f"--ledger=sqlite:{path}")


def test_it_starts_at_once(url: str) -> None:
    """Nothing heavy is imported."""
    code = (
        "import sys; from tollway.cli import cli;"
        f"cli.main(['cache', 'stats', '--ledger={url}'], standalone_mode=False);"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "[]"
