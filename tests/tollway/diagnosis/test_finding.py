"""What a check comes to."""

from tollway.diagnosis.finding import Finding, Verdict, doubtful, not_checked, well, wrong


def test_each_verdict_has_a_word_of_its_own() -> None:
    assert well("clock", "right") == Finding("clock", Verdict.WELL, "right", None)
    assert doubtful("clock", "late", "set it") == Finding("clock", Verdict.DOUBTFUL, "late", "set it")
    assert wrong("clock", "late", "set it") == Finding("clock", Verdict.WRONG, "late", "set it")
    assert not_checked("clock", "none") == Finding("clock", Verdict.NOT_CHECKED, "none", None)
