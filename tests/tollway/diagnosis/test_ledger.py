"""What is said of the ledger."""

from typing import Any

import pytest

from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.ledger import MIB, Kept, judge

GONE = Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        ({"exists": True}, Finding("ledger", Verdict.WELL, "/l.db can be written to")),
        (
            {"exists": True, "behind": True},
            Finding("ledger", Verdict.WELL, "/l.db can be written to; the next start brings it up to date"),
        ),
        ({}, Finding("ledger", GONE, "/l.db is made at first use; its folder can be written to")),
        (
            {"failure": "ledger /l.db: another program holds its lock: close it"},
            Finding("ledger", Verdict.WRONG, "ledger /l.db: another program holds its lock", "close it"),
        ),
        ({"failure": "what is it?"}, Finding("ledger", Verdict.WRONG, "what is it?")),
    ],
    ids=["well", "old", "none", "locked", "unknown"],
)
def test_it_can_be_used_or_not(facts: dict[str, Any], finding: Finding) -> None:
    assert list(judge(Kept(place="/l.db", **facts))) == [finding]


@pytest.mark.parametrize(
    ("mib", "verdicts"),
    [(10, [Verdict.WRONG]), (32, [Verdict.DOUBTFUL]), (511, [Verdict.DOUBTFUL]), (512, [])],
)
def test_a_disk_that_is_nearly_full_is_told(mib: int, verdicts: list[Verdict]) -> None:
    _, *findings = judge(Kept(place="/l.db", exists=True, free_bytes=mib * MIB))

    assert [each.verdict for each in findings] == verdicts
    assert [each.reason for each in findings] == [f"its disk has {mib} MiB left"] * len(verdicts)


def test_rights_of_others_are_doubtful() -> None:
    _, finding = judge(Kept(place="/l.db", exists=True, loose=("chmod 600 /l.db",)))

    assert (finding.verdict, finding.remedy) == (Verdict.DOUBTFUL, "chmod 600 /l.db")
