"""What is said of a proxy that runs."""

import pytest

from tollway.diagnosis.finding import Verdict
from tollway.diagnosis.running import Answered, judge
from tollway.readiness.check import Check, fail, ok, warn

AT = "http://127.0.0.1:9464"
WELL, ODD, BAD = ok("store", "can be written"), warn("ca", "ends soon"), fail("clock", "is off")


def answered(*checks: Check, status: int = 200) -> Answered:
    return Answered(place=AT, status=status, checks={check.name: check for check in checks})


@pytest.mark.parametrize(
    ("found", "verdict", "reason", "remedy"),
    [
        (
            Answered(place=AT, failure="Connection refused"),
            Verdict.WRONG,
            "does not answer: Connection ref",
            "start",
        ),
        (Answered(place=AT, status=401), Verdict.WRONG, "asks for a token", "--admin-token-file"),
        (
            Answered(place=AT, status=404),
            Verdict.WRONG,
            "is no admin address of a Tollway: it says 404",
            "start",
        ),
        (Answered(place=AT, status=200), Verdict.WELL, "says that it is ready", None),
        (Answered(place=AT, status=503), Verdict.WRONG, "not ready, and not why", "--admin-token-file"),
        (answered(), Verdict.NOT_CHECKED, "names no check", None),
        (answered(WELL), Verdict.WELL, f"{AT} is ready: store", None),
    ],
)
def test_what_it_answers_is_told_with_what_mends_it(
    found: Answered, verdict: Verdict, reason: str, remedy: str | None
) -> None:
    (finding,) = judge(found)

    assert (finding.subject, finding.verdict) == ("running", verdict)
    assert reason in finding.reason
    assert finding.remedy is None if remedy is None else remedy in (finding.remedy or "")


def test_each_check_that_is_not_well_is_told_with_its_reason() -> None:
    found = list(judge(answered(WELL, ODD, BAD, status=503)))

    assert [(each.verdict, each.reason) for each in found] == [
        (Verdict.DOUBTFUL, "ca: ends soon"),
        (Verdict.WRONG, "clock: is off"),
    ]
