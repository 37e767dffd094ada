"""What is said of the policy file."""

from tollway.diagnosis.finding import Finding, Verdict
from tollway.diagnosis.policy import Examined, judge
from tollway.errors import Mistake

CHECK = "tollway check p.yaml"


def mistake(line: int) -> Mistake:
    """One at this line."""
    return Mistake("p.yaml", line, 1, "limits", "is wrong")


def test_a_sound_policy_is_named() -> None:
    assert list(judge(Examined(file="p.yaml"))) == [Finding("policy", Verdict.WELL, "p.yaml is sound")]


def test_no_policy_is_nothing_to_check() -> None:
    (finding,) = judge(Examined(file=None))

    assert finding.verdict is Verdict.NOT_CHECKED


def test_mistakes_have_their_lines_and_many_are_counted() -> None:
    findings = list(judge(Examined(file="p.yaml", mistakes=tuple(map(mistake, range(1, 6))))))

    assert [(each.verdict, each.reason, each.remedy) for each in findings] == [
        (Verdict.WRONG, "p.yaml:1:1: limits: is wrong", CHECK),
        (Verdict.WRONG, "p.yaml:2:1: limits: is wrong", CHECK),
        (Verdict.WRONG, "p.yaml: 3 more like these", CHECK),
    ]


def test_doubts_and_what_is_missing_are_doubtful() -> None:
    found = Examined(file="p.yaml", doubts=(mistake(1),), missing=("credentials: env:KEY: it is not set",))

    assert [(each.verdict, each.reason) for each in judge(found)] == [
        (Verdict.DOUBTFUL, "p.yaml:1:1: limits: is wrong"),
        (Verdict.DOUBTFUL, "p.yaml: credentials: env:KEY: it is not set"),
    ]
