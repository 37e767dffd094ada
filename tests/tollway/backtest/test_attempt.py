"""A row as a replay reads it."""

from tests.tollway.backtest.samples import attempt, call, refused
from tollway.model import Billing, Usage


def test_a_call_that_does_not_say_when_it_ended_ended_as_it_began() -> None:
    plain = attempt(call("a", seconds=2))
    silent, open_ = (attempt(call("b", ended_us=None, state=state)) for state in ("done", "open"))

    assert plain.ends_us == plain.started_us + 2_000_000
    assert silent.ends_us == silent.started_us
    assert open_.ends_us is None


def test_tokens_that_nobody_reported_are_none() -> None:
    found = attempt(call("a", usage=Usage(output_tokens=3)))

    assert (found.input_tokens, found.output_tokens, found.used[0]) == (0, 3, None)


def test_what_a_row_says_of_itself() -> None:
    hit = attempt(call("a", cache="hit", billing=Billing.NOTIONAL))
    turned_away = attempt(refused("b"))

    assert (hit.is_hit, hit.is_metered, hit.operation, hit.refusal) == (True, False, "chat", None)
    assert (turned_away.is_hit, turned_away.is_metered, turned_away.refusal) == (False, True, "over_limit")
