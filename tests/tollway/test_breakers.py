"""Which targets are left alone, as a process knows."""

from tollway.breakers import LONGEST, MOST, Breakers
from tollway.routing.breaker import Tripping
from tollway.routing.failing import Failure

TRIPPING = Tripping(failures=1, rest_us=10_000_000)
DOWN, MUCH = Failure(status=503), Failure(status=429)
A = "anthropic/claude-x"


class Clock:
    """What time it is."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_target_that_is_down_is_so_for_all() -> None:
    clock = Clock()
    breakers = Breakers(clock)

    breakers.failed(A, "mine", TRIPPING, DOWN)

    assert [breakers.rest(A, who) for who in ("mine", "yours", None)] == [True, True, True]
    assert not breakers.rest("anthropic/claude-y", "mine")
    clock.now += 10
    assert not breakers.rest(A, "mine")


def test_what_is_too_much_of_one_credential_says_nothing_of_another() -> None:
    breakers = Breakers(Clock())

    breakers.failed(A, "mine", TRIPPING, MUCH)

    assert [breakers.rest(A, who) for who in ("mine", "yours")] == [True, False]


def test_after_its_rest_one_call_alone_goes_there_until_it_is_answered() -> None:
    clock = Clock()
    breakers = Breakers(clock)
    breakers.failed(A, "mine", TRIPPING, DOWN)
    clock.now += 10

    breakers.asked(A, "mine", TRIPPING)
    meanwhile = breakers.rest(A, "yours")
    breakers.answered(A, "mine")

    assert meanwhile
    assert not breakers.rest(A, "yours")


def test_where_there_is_no_breaker_nothing_is_remembered() -> None:
    breakers = Breakers(Clock())

    breakers.failed(A, "mine", None, DOWN)
    breakers.asked(A, "mine", None)

    assert not breakers.rest(A, "mine")


def test_a_name_that_is_too_long_for_a_model_is_not_remembered() -> None:
    breakers = Breakers(Clock())

    breakers.failed("x/" + "m" * LONGEST, None, TRIPPING, DOWN)

    assert not breakers.rest("x/" + "m" * LONGEST, None)


def test_no_more_are_remembered_than_there_may_be() -> None:
    breakers = Breakers(Clock())

    for i in range(MOST + 1):
        breakers.failed(f"x/{i}", None, TRIPPING, DOWN)

    assert breakers.rest(f"x/{MOST}", None)
    assert not breakers.rest("x/0", None)
