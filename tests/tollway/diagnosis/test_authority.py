"""What is said of this machine's certificate authority."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tollway.diagnosis.authority import Held, judge
from tollway.diagnosis.finding import Verdict

ENDS = datetime(2031, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "verdict", "reason"),
    [
        ({"id": "aa", "ends": ENDS}, Verdict.WELL, "Tollway Root aa of this machine lasts until 2031-11-28"),
        ({}, Verdict.NOT_CHECKED, "this machine has none yet: its first proxy makes one"),
        ({"failure": "it ended"}, Verdict.WRONG, "it ended"),
        ({"id": "aa", "ends_soon": "it ends in 3 days"}, Verdict.DOUBTFUL, "it ends in 3 days"),
        (
            {"id": "aa", "uncovered": ("a", "b")},
            Verdict.WRONG,
            "Tollway Root aa does not cover a, b: clients refuse the proxy's certificates for them",
        ),
        (
            {"id": "aa", "uncovered": ("a", "b", "c", "d")},
            Verdict.WRONG,
            "Tollway Root aa does not cover a, b, c and 1 more: clients refuse the proxy's certificates for "
            "them",
        ),
    ],
    ids=["well", "none", "broken", "soon", "uncovered", "many"],
)
def test_it_holds_or_not(facts: dict[str, Any], verdict: Verdict, reason: str) -> None:
    (finding,) = judge(Held(**facts))

    assert (finding.subject, finding.verdict, finding.reason) == ("authority", verdict, reason)
    assert (finding.remedy is not None) == (verdict in (Verdict.WRONG, Verdict.DOUBTFUL))
