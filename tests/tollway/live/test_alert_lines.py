"""What limits gave alarm of."""

from tests.tollway.live.samples import BERLIN, plain, raised
from tollway.ledger.store import REFUSAL
from tollway.live.alert_lines import alert_lines

ALERTS = (raised(REFUSAL), raised(80), raised(50))


def test_each_is_a_sentence_and_the_last_tells_of_the_others() -> None:
    assert plain(alert_lines(ALERTS, BERLIN, "~", 80, 2)) == [
        "13:00:00 team-day team=ml, user=- has refused a call",
        "13:00:00 team-day team=ml, user=- has reached 80%  and 1 earlier",
    ]


def test_all_may_have_room_or_none() -> None:
    assert len(alert_lines(ALERTS, BERLIN, "~", 80, 9)) == 3
    assert alert_lines(ALERTS, BERLIN, "~", 80, 0) == alert_lines((), BERLIN, "~", 80, 3) == []
    assert plain(alert_lines(ALERTS[:1], BERLIN, "~", 20, 1)) == ["13:00:00 team-day t~"]
