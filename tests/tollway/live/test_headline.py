"""The first two lines."""

from tests.tollway.live.samples import line, plain, snapshot
from tollway.live.glyphs import ASCII
from tollway.live.headline import headline
from tollway.live.snapshot import Minute, Snapshot
from tollway.money import NANO


def shown(of: Snapshot, width: int = 80, paused: bool = False) -> list[str]:
    return plain(headline(of, ASCII, width, paused))


def test_it_says_what_the_span_came_to_and_how_much_comes_now() -> None:
    """The rate is that of the last whole minute."""
    assert shown(snapshot()) == [
        "today $2.00  13 calls  ($0.0200 by plan)  1 in flight     13:00:00 Europe/Berlin",
        "$0.5000/min :#     4 calls/min :#",
    ]


def test_a_pause_is_said() -> None:
    quiet = snapshot((), total=line(None, NANO, calls=1), minutes=())

    assert shown(quiet, paused=True) == [
        "today $1.00  1 call  0 in flight                   PAUSED 13:00:00 Europe/Berlin",
        "$0/min     0 calls/min",
    ]


def test_a_narrow_terminal_has_the_latest_minutes() -> None:
    many = snapshot(minutes=tuple(Minute(n, n * NANO) for n in range(60)))

    assert shown(many, 40) == [
        "today $2.00  13 c 13:00:00 Europe/Berlin",
        "$58.00/min ######    58 calls/min ######",
    ]
    assert all(len(text) <= 20 for text in shown(many, 20))
