"""What is said of the way from the proxy to the providers."""

from tollway.diagnosis.finding import Verdict
from tollway.diagnosis.provider import Answered, judge


def test_hosts_of_the_same_fate_share_a_finding() -> None:
    answers = [
        Answered(host="a", status=421),
        Answered(host="b", status=502),
        Answered(host="c", status=200),
        Answered(host="d", failure="no answer in time"),
        Answered(host="e", status=502),
        Answered(host="f"),
    ]

    findings = list(judge(answers))

    assert [(each.verdict, each.reason) for each in findings] == [
        (Verdict.WELL, "reached through the proxy: a, c"),
        (Verdict.WRONG, "b, e: the answer is 502 Bad Gateway"),
        (Verdict.WRONG, "d: no answer in time"),
        (Verdict.WRONG, "f: no answer"),
    ]
    assert {each.subject for each in findings} == {"providers"}


def test_a_providers_own_refusal_is_an_answer() -> None:
    """Of what has no key, most refuse the root in one way or another: they were reached."""
    for status in (301, 401, 403, 404, 421, 500):
        (finding,) = judge([Answered(host="a", status=status)])

        assert finding.verdict is Verdict.WELL
