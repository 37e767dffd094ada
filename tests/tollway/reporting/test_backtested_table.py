"""What a backtest found, in a terminal."""

import io

import pytest
from rich.console import Console

from tests.tollway.backtest.samples import backtested, call
from tests.tollway.reporting.backtests import BERLIN, found, nothing
from tollway.backtest.result import Backtest
from tollway.reporting.backtested_table import MOST_CALLERS, as_table


def shown(of: Backtest, width: int, colours: bool = False) -> list[str]:
    """The lines that a terminal shows."""
    screen = io.StringIO()
    console = Console(
        file=screen,
        width=width,
        color_system="standard" if colours else None,
        force_terminal=colours,
        legacy_windows=False,
    )
    console.print(as_table(of, "next.yaml", BERLIN, width))
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_a_wide_terminal_shows_all() -> None:
    lines = "\n".join(shown(found(), 200))

    assert "no room for" not in lines
    for heading in (
        "recorded",
        "this policy",
        "would refuse",
        "first refused",
        "What a backtest can't know:",
    ):
        assert heading in lines


@pytest.mark.parametrize("width", [70, 80, 100])
def test_a_narrow_terminal_shows_what_matters(width: int) -> None:
    """And names what it has no room for."""
    lines = shown(found(), width)

    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert "no room for full" in text
    assert "refused" in text
    assert "user-day" in text


def test_who_is_hit_stands_out() -> None:
    text = "\n".join(shown(found(), 160, colours=True))

    assert "\x1b[1;31m" in text
    assert "\x1b[1;32m" in text


def test_of_many_callers_the_first_are_shown() -> None:
    text = "limits: [{name: none, amount: 0 USD, window: day, then: [block]}]"
    many = backtested(text, [call(f"c{n}", n, user=f"user-{n:02}") for n in range(MOST_CALLERS + 5)])
    lines = shown(many, 120)

    assert sum(line.strip().startswith("user-") for line in lines) == MOST_CALLERS
    assert "5 more callers for whom something changes" in "\n".join(lines)


def test_nothing_to_say_takes_little_room() -> None:
    lines = "\n".join(shown(nothing(), 100))

    assert "Nothing would have been refused" in lines
    assert "who" not in lines.split()
