"""`scripts/focus`: what the FinOps Foundation's validator says of a bill."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.focus.__main__ import made
from tests.focus.verdict import Verdict, read

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".tools" / "focus"

SAID = """<testsuites><testsuite name="A">
<testcase name="BilledCost-C-001-M :: type"/>
<testcase name="ListCost-C-010-C :: product"><failure name="x">Failed</failure></testcase>
<testcase name="Tags-C-001-C :: json"><error message="x"/></testcase>
<testcase name="InvoiceId-C-005-C :: null"><failure name="x">Failed</failure></testcase>
<testcase name="RegionId-C-001-C :: null"><skipped message="x"/></testcase>
</testsuite></testsuites>"""


def test_a_rule_is_kept_broken_or_not_about_the_bill(tmp_path: Path) -> None:
    (tmp_path / "said.xml").write_text(SAID)

    assert read(tmp_path / "said.xml") == Verdict(
        1, 1, ("ListCost-C-010-C", "Tags-C-001-C"), ("InvoiceId-C-005-C",)
    )


def test_a_validator_that_looked_at_nothing_has_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "said.xml").write_text("<testsuites/>")

    with pytest.raises(ValueError, match="no rule passed"):
        read(tmp_path / "said.xml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "bill.txt can't be read: No such file or directory"),
        (b"", "the bill has no rows"),
        (b"BilledCost\n", "the bill has no rows"),
        (b"\xff\xfe", "bill.txt can't be read: it is no text in UTF-8"),
    ],
)
def test_a_file_that_is_no_bill_is_said_in_a_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    """Before the validator is asked, and with no traceback. Its name may end as it likes."""
    bill = tmp_path / "bill.txt"
    if content is not None:
        bill.write_bytes(content)
    command = [sys.executable, "-m", "tests.focus", str(tmp_path), str(bill)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("words", "status"), [(["bill.csv"], 1), ([], 0)])
def test_a_bill_that_nobody_looked_at_is_not_passed_as_kept(
    tmp_path: Path, words: list[str], status: int
) -> None:
    """Where the validator is not installed; the made-up bill is passed over, and that is said."""
    root = tmp_path / "root"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "focus", root / "scripts" / "focus")
    (root / "scripts" / "venv").write_text('venv() { [ "$venv" != "$root/.tools/focus" ]; }\nvenv=\n')
    done = subprocess.run(
        [root / "scripts" / "focus", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == status
    assert "NOT INSTALLED" in done.stderr


def test_a_bill_is_looked_for_where_the_caller_is(tmp_path: Path) -> None:
    root, asked = tmp_path / "root", tmp_path / "asked"
    (root / "scripts").mkdir(parents=True)
    (root / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "focus", root / "scripts" / "focus")
    (root / "scripts" / "venv").write_text("venv() { :; }\n")
    python = root / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {asked}\n')
    python.chmod(0o755)
    subprocess.run([root / "scripts" / "focus", "bill.csv"], cwd=tmp_path, check=True)

    assert asked.read_text().splitlines() == ["-m", "tests.focus", ".tools/focus", str(tmp_path / "bill.csv")]


@pytest.mark.slow
@pytest.mark.skipif(not ENVIRONMENT.exists(), reason="NO FOCUS-VALIDATOR: scripts/focus installs it")
@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("ChargePeriodStart", "yesterday", "ChargePeriodStart"),
        ("ChargeCategory", "Fee", "ConsumedQuantity-C-004-C"),
        ("BillingCurrency", "", "BillingCurrency"),
    ],
)
def test_a_bill_that_is_wrong_in_one_column_is_found(
    tmp_path: Path, column: str, value: str, rule: str
) -> None:
    """Else a verdict would say nothing."""
    with made(tmp_path).open(newline="") as file:
        bill = list(csv.DictReader(file))
    bill[0][column] = value
    with (tmp_path / "wrong.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, bill[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(bill)

    command = [sys.executable, "-m", "tests.focus", str(ENVIRONMENT), str(tmp_path / "wrong.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert f"BROKEN: {rule}" in done.stdout
