"""`tollway ledger export`."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.tollway.ledger.samples import call
from tests.tollway.ledger.year import write, year
from tollway.cli import cli
from tollway.cli.ledger.exporting import style_of

HEAVY = ("mitmproxy", "genai_prices", "pydantic", "asyncio", "tiktoken", "rich")


@pytest.fixture
def ledger(home: Path) -> Path:
    return write(home / "ledger.db", year(40, 2))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["ledger", "export", *words])


def test_it_goes_to_standard_output(ledger: Path) -> None:
    result = run()

    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 81
    assert result.stderr == "80 calls in 80 rows\n"


def test_a_span_goes_into_a_file_as_its_name_says(ledger: Path, tmp_path: Path) -> None:
    """Days are those of the policy's time zone."""
    result = run("--since", "2026-01-03", "--until", "2026-02", "-o", str(tmp_path / "a.csv.gz"))

    assert result.exit_code == 0, result.output
    text = gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).decode()
    assert text.startswith("id,started_us,state,")
    assert len(text.splitlines()) == 1 + 29 * 2


def test_the_form_may_be_said(ledger: Path, tmp_path: Path) -> None:
    assert run("--format", "jsonl", "-o", str(tmp_path / "a.csv")).exit_code == 0

    assert json.loads((tmp_path / "a.csv").read_text().splitlines()[0])["lines"] == 80


@pytest.mark.parametrize(
    ("name", "style"), [("-", "jsonl"), ("a.csv", "csv"), ("a.csv.gz", "csv"), ("a.jsonl.gz", "jsonl")]
)
def test_a_name_says_the_form(name: str, style: str) -> None:
    assert style_of(name) == style


def test_calls_in_flight_are_told(home: Path) -> None:
    write(home / "ledger.db", [call("a", state="open")])

    assert "1 of them are in flight: `import` leaves them out, so export again later" in run().stderr


def test_a_ledger_that_is_not_there_is_told(home: Path) -> None:
    result = run()

    assert result.exit_code == 1
    assert "there is no such file" in str(result.exception)


def test_it_imports_nothing_heavy(ledger: Path) -> None:
    code = f"""
import sys
from tollway.cli import main
try:
    main(["ledger", "export"])
except SystemExit:
    print({set(HEAVY)} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "set()"


def test_a_span_that_has_nothing_is_wrong_use(ledger: Path) -> None:
    result = run("--since", "2026-02", "--until", "2026-01")

    assert result.exit_code == 2
    assert "nothing lies between --since 2026-02 and --until 2026-01" in result.stderr
