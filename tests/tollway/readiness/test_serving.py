"""Whether a process takes calls."""

from tollway.readiness.check import is_ready
from tollway.readiness.serving import STARTING, STOPPING, TAKING, silent


def test_only_between_its_start_and_its_end() -> None:
    assert [is_ready([check]) for check in (STARTING, TAKING, STOPPING)] == [False, True, False]


def test_one_that_does_not_answer_takes_none() -> None:
    assert not is_ready([silent(2.0)])
    assert silent(2.0).reason.endswith("did not answer within 2 s")
