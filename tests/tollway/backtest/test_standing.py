"""Calls that wait."""

from tests.tollway.backtest.pursed import limit, made
from tests.tollway.backtest.samples import attempt, call
from tollway.backtest.standing import Standing
from tollway.backtest.wait import Wait


def test_who_came_first_is_first_wherever_it_stands() -> None:
    """And who stands nowhere is not."""
    # What goes on in them is never asked for: any iterator does.
    one, other = (Standing(number, attempt(call("a")), iter(())) for number in (1, 2))  # type: ignore[arg-type]
    purses = made(limit()), made(limit())
    purses[0].line += sorted([other, one])
    purses[1].line.append(other)
    one.wait, other.wait = Wait(purses[:1], 0), Wait(purses, 0)

    assert (one.is_first, other.is_first) == (True, False)
    purses[0].line.remove(one)
    one.wait = None
    assert (one.is_first, other.is_first) == (False, True)
