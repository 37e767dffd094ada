"""Whether an event loop turns."""

from tollway.observe.pulse import HUNG_SECONDS, Pulse


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_loop_that_beats_goes_on_and_one_that_does_not_stands_still() -> None:
    clock, late = Clock(), list[int]()
    pulse = Pulse(clock, late.append)
    clock.now += HUNG_SECONDS - 1
    assert pulse.stands_still() is None
    clock.now += 2
    assert pulse.stands_still() == HUNG_SECONDS + 1

    pulse.beat(7)

    assert pulse.stands_still() is None
    assert late == [7]
