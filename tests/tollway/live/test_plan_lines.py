"""Plans as bars: the fullest gauge first."""

import pytest

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN, PLANS, plain
from tollway.live.glyphs import ASCII
from tollway.live.plan_lines import plan_lines
from tollway.plans.seen import Seen, of_call
from tollway.sockets.events import Gauge, Gauges


def lines(plans: tuple[Seen, ...] = PLANS, width: int = 100, height: int = 9) -> list[str]:
    return plain(plan_lines(plans, NOON_US, BERLIN, ASCII, width, height))


def test_each_gauge_says_whose_it_is_how_full_and_when_it_begins_anew() -> None:
    assert lines() == [
        "plan                     gauge                         used left resets      said",
        "chatgpt pro fox acc-1    primary #################### 100%!    - -        0ms ago",
        "anthropic ann 0e1f2a3b.. 7d      #################...   85%    - 27 Nov 90.0s ago",
        "anthropic ann 0e1f2a3b.. 5h      ########............   42%    - 14:30  90.0s ago",
        "chatgpt pro fox acc-1    chat    -                        -  469 -        0ms ago",
        "chatgpt pro fox acc-1    credits -                        - 9.99 -        0ms ago",
    ]


def test_what_has_no_room_is_left_out() -> None:
    """Of gauges the emptiest, of columns what matters least."""
    narrow = lines(width=50, height=2)

    assert narrow[0].split() == ["plan", "gauge", "used"]
    assert "100%!" in narrow[1]
    assert len(narrow) == 2
    assert all(len(line) <= 50 for line in narrow)


@pytest.mark.parametrize(("plans", "height"), [((), 9), (PLANS, 1), (PLANS, -3)])
def test_there_is_nothing_where_there_are_no_plans_or_no_room(plans: tuple[Seen, ...], height: int) -> None:
    assert lines(plans, height=height) == []


def test_what_a_provider_writes_reaches_no_terminal_as_it_is() -> None:
    hostile = of_call("p", "a\x1b[2J", "b\x07", Gauges(at=0, gauges=(Gauge(name="c\n"),), plan="d\x9b"))

    assert not any(c in "".join(lines((hostile,))) for c in "\x1b\x07\x9b\n")
