"""Where something leads a call, and what else it does with it."""

from tollway.decision.led import BreakerSeen, FailingSeen, Led, led
from tollway.decision.stop import Stop
from tollway.routing.breaker import Tripping
from tollway.routing.failing import Failing

STOP = Stop(target="openai/gpt-5", left_out=("temperature",), not_as={"openai_responses": "why"})
NEXT = Stop(target="groq/x")


def test_what_is_set_and_left_out_is_that_of_the_stop() -> None:
    found = led(STOP, (("temperature", 0.2), ("seed", 7)), None, (), stays=True, may_wait=False)

    assert found == Led(
        leads_to="openai/gpt-5",
        stays=True,
        set={"temperature": 0.2, "seed": 7},
        left_out=("temperature",),
        not_as={"openai_responses": "why"},
    )


def test_what_follows_a_failure_is_told_as_it_is_written() -> None:
    failing = Failing(classes=frozenset({5}), retries=1, tripping=Tripping(failures=3, rest_us=60_000_000))
    found = led(STOP, (), failing, [NEXT], stays=False, may_wait=True)

    breaker = BreakerSeen(failures=3, rest="1m")
    assert found.on_failure == FailingSeen(on=("5xx",), retries=1, breaker=breaker, then=(NEXT,))
    assert found.may_wait
    found = led(STOP, (), Failing(connect=True), [], stays=False, may_wait=True)
    assert found.on_failure == FailingSeen(on=("connect",), retries=0, breaker=None, then=())


def test_another_may_say_the_same() -> None:
    found = Led(leads_to="a/b", set={"seed": 7})

    assert Led(**found.told()) == found
