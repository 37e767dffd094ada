"""What was spent by whom."""

from tests.tollway.live.samples import line, plain
from tollway.live.glyphs import ASCII
from tollway.live.spend_lines import spend_lines
from tollway.money import NANO


def test_the_dearest_come_first_with_their_course() -> None:
    lines = [line("gpt-5", 2 * NANO), line(None, NANO, calls=12_345)]

    assert plain(spend_lines("model", lines, ASCII, 80, 9)) == [
        "model  cost calls course",
        "gpt-5 $2.00    12  =#",
        "-     $1.00 12.3k  =#",
    ]


def test_what_a_plan_covers_is_shown_where_there_is_any() -> None:
    lines = [line("gpt-5"), line("o9", 0, notional_nano=NANO)]

    assert plain(spend_lines("model", lines, ASCII, 80, 9))[1:] == [
        "gpt-5 $1.00    12       -  =#",
        "o9       $0    12 ($1.00)",
    ]


def test_there_are_as_many_as_have_room() -> None:
    lines = [line(str(n)) for n in range(9)]

    assert [len(spend_lines("user", lines, ASCII, 80, height)) for height in (0, 1, 2, 5, 20)] == [
        0,
        0,
        2,
        5,
        10,
    ]


def test_a_narrow_terminal_leaves_out_calls_first() -> None:
    assert plain(spend_lines("model", [line("claude-sonnet-4-5")], ASCII, 24, 9)) == [
        "model        cost course",
        "claude-son~ $1.00  =#",
    ]
