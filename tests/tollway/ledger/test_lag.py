"""How far a writer is behind."""

from tollway.ledger.lag import Lag


def test_it_is_the_age_of_the_oldest_that_is_not_done() -> None:
    now = [100.0]
    lag = Lag(lambda: now[0])

    lag.put()
    now[0] = 101.0
    lag.put()
    now[0] = 103.0

    assert lag.seconds() == 3.0
    lag.done(1)
    assert lag.seconds() == 2.0
    lag.done(1)
    assert lag.seconds() == 0.0


def test_what_was_put_a_moment_later_than_now_is_not_awaited_for_less_than_no_time() -> None:
    """Two threads may read a clock in another order than they act in."""
    now = [100.0]
    lag = Lag(lambda: now[0])
    lag.put()

    now[0] = 99.0

    assert lag.seconds() == 0.0
