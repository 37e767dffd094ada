"""`scripts/focus`: a bill, what the validator says of it, and the exit status that this deserves."""

import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.focus.calls import calls
from tests.focus.verdict import CONTRADICTORY, Verdict, read
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of

APPLICABLE = (
    "ACCOUNT_NAMING_SUPPORTED", "MULTIPLE_PRICING_CATEGORIES_SUPPORTED", "NEGOTIATED_PRICING_SUPPORTED",
    "PUBLIC_PRICE_LIST_SUPPORTED", "SUB_ACCOUNT_SUPPORTED", "TAGGING_SUPPORTED", "UNIT_PRICING_SUPPORTED",
    "USAGE_MEASUREMENT_SUPPORTED",
)  # fmt: skip
"""What a bill of AI calls has; without these the validator passes over most rules. It has no regions, zones,
resources, commitments, reservations or other currencies."""


def main() -> int:
    """0: the bill keeps every rule that can be kept."""
    environment = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        bill = given(sys.argv[2], Path(folder)) if len(sys.argv) > 2 else made(Path(folder))
        rows = len(bill.read_text("utf-8").splitlines()) - 1
        if rows < 1:
            raise SystemExit("the bill has no rows: the validator has nothing to look at")
        verdict = validated(environment, bill, Path(folder) / "verdict.xml")
    broken, impossible = len(verdict.failed), len(verdict.impossible)
    print(
        f"FOCUS 1.2, {rows} rows: {verdict.passed} rules kept, {broken} broken, "
        f"{verdict.skipped} not about it, {impossible} that no bill can keep"
    )
    for rule in verdict.impossible:
        print(f"  {rule}: {CONTRADICTORY[rule]}")
    for rule in verdict.failed:
        print(f"  BROKEN: {rule}")
    return 1 if verdict.failed else 0


def given(name: str, folder: Path) -> Path:
    """A copy of somebody's bill, as the validator takes it: it asks for a name that ends in .csv."""
    bill = folder / "bill.csv"
    try:
        bill.write_text(Path(name).read_text("utf-8"), "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise SystemExit(f"{name} can't be read: {said}") from None
    return bill


def made(folder: Path) -> Path:
    """A bill of the made-up calls, by the command itself."""
    ledger, bill = folder / "ledger.db", folder / "bill.csv"
    with closing(connect(ledger, "process")) as db:
        db.executemany(UPSERT, [row_of(each, "p") for each in calls()])
    command = ["scripts/tollway", "report", "--format", "focus", "--ledger", f"sqlite:{ledger}"]
    bill.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return bill


def validated(environment: Path, bill: Path, verdict: Path) -> Verdict:
    """What the validator in this environment says."""
    (packages,) = environment.glob("lib/python3.*/site-packages")
    command: list[str | Path] = [
        environment / "bin" / "focus-validator", "--data-file", bill, "--validate-version", "1.2",
        "--focus-dataset", "CostAndUsage", "--block-download", "--output-type", "unittest",
        "--output-destination", verdict, "--applicability-criteria", ",".join(APPLICABLE),
    ]  # fmt: skip
    # It opens its table of currencies by a path that begins in its package's folder.
    ran = subprocess.run(command, cwd=packages, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if not verdict.exists():
        raise SystemExit(f"the validator gave no verdict:\n{ran.stdout[-2_000:]}")
    return read(verdict)


if __name__ == "__main__":
    sys.exit(main())
