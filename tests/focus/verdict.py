"""What focus-validator says of a bill, from the JUnit file that it writes: its exit status says nothing.

Of `ChargeClass`, which is null in every row, 2.2.1 takes "is not Correction" for unknown, and so never looks
whether list cost is unit price times quantity: tests/tollway/reporting/test_focus.py does.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

CONTRADICTORY = {
    "InvoiceId-C-005-C": "wants an invoice for every charge, and InvoiceId-C-004-C for none",
}
"""Rules that no bill can keep -> why."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the rules came out."""

    passed: int
    skipped: int
    failed: tuple[str, ...]
    """The rules that this bill breaks."""
    impossible: tuple[str, ...]
    """Those that every bill breaks."""


def read(path: Path) -> Verdict:
    """The verdict in a file. Raises ValueError if no rule was tried."""
    passed = skipped = 0
    failed: list[str] = []
    impossible: list[str] = []
    for case in ET.parse(path).getroot().iter("testcase"):
        name = case.attrib["name"].split(" ")[0]
        if case.find("failure") is not None or case.find("error") is not None:
            (impossible if name in CONTRADICTORY else failed).append(name)
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    if not passed:
        raise ValueError(f"{path}: no rule passed: the validator did not look at the bill")
    return Verdict(passed, skipped, tuple(sorted(failed)), tuple(sorted(impossible)))
