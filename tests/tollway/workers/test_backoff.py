"""How long what ended is left alone."""

from tollway.workers.backoff import FIRST_SECONDS, MOST_SECONDS, SOUND_SECONDS, Backoff


class Clock:
    """Stands still until somebody moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_each_end_soon_after_a_start_doubles_the_wait_up_to_a_bound() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    waits = []
    for _ in range(10):
        backoff.started()
        clock.now += SOUND_SECONDS - 0.001
        waits.append(backoff.wait_seconds())

    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0, 10.0]
    assert (waits[0], waits[-1]) == (FIRST_SECONDS, MOST_SECONDS)


def test_who_lived_long_is_started_again_as_if_for_the_first_time() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    waits = [backoff.wait_seconds() for _ in range(3)]
    backoff.started()
    clock.now += SOUND_SECONDS

    assert waits == [0.1, 0.2, 0.4]
    assert backoff.wait_seconds() == FIRST_SECONDS
