"""Whether a clock was set."""

import pytest

from tollway.observe.steps import Steps, since_boot
from tollway.readiness.clock import Step


class Clocks:
    """One that may be set, and one that nobody sets."""

    def __init__(self) -> None:
        self.now, self.elapsed = 1_000_000.0, 500.0

    def pass_by(self, seconds: float, set_by: float = 0.0) -> None:
        self.now += seconds + set_by
        self.elapsed += seconds


def test_time_that_passes_is_no_step() -> None:
    clocks = Clocks()
    steps = Steps(lambda: clocks.now, lambda: clocks.elapsed)

    clocks.pass_by(86_400, set_by=1.5)

    assert steps.last() is None


@pytest.mark.parametrize("by", [3_600.0, -3_600.0])
def test_a_clock_that_is_set_is_told_with_when_it_was_seen(by: float) -> None:
    clocks = Clocks()
    steps = Steps(lambda: clocks.now, lambda: clocks.elapsed)
    clocks.pass_by(60, set_by=by)

    assert steps.last() == Step(int(by * 1_000_000), 0.0)
    clocks.pass_by(42)
    assert steps.last() == Step(int(by * 1_000_000), 42.0)


def test_time_since_the_machine_was_started_only_goes_forward() -> None:
    first = since_boot()

    assert since_boot() >= first > 0
