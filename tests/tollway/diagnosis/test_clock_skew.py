"""What is said of the clock."""

import pytest

from tollway.diagnosis.clock_skew import judge
from tollway.diagnosis.finding import Verdict


@pytest.mark.parametrize("skew", [0.0, 60.0, -60.0])
def test_a_minute_is_forgiven(skew: float) -> None:
    assert judge(skew, "a.example").verdict is Verdict.WELL


@pytest.mark.parametrize(
    ("skew", "said"),
    [
        (61.0, "61 s ahead of a.example's"),
        (-7199.0, "7199 s behind a.example's"),
        (7200.0, "2 h ahead of a.example's"),
        (-172_799.0, "47 h behind a.example's"),
        (172_800.0, "2 days ahead of a.example's"),
    ],
)
def test_more_is_doubtful(skew: float, said: str) -> None:
    finding = judge(skew, "a.example")

    assert finding.verdict is Verdict.DOUBTFUL
    assert finding.reason.startswith(f"this machine's is {said}: ")
