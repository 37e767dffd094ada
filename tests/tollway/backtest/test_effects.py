"""Sums."""

from tollway.backtest.by import By
from tollway.backtest.effects import Effects, Figures, Share

DAY, WEEK = By("limit", "day"), By("limit", "week")


def test_figures_add_up() -> None:
    found = Figures(cost_nano=1, notional_nano=2, refused=3, clamped=4, waited=5, rerouted=6)
    found.add(Figures(cost_nano=10, notional_nano=20, refused=30, clamped=40, waited=50, rerouted=60))

    assert found == Figures(cost_nano=11, notional_nano=22, refused=33, clamped=44, waited=55, rerouted=66)


def test_shares_add_up_and_the_first_refusal_is_the_first_of_all() -> None:
    one = Share(calls=2, then=Figures(cost_nano=9), now=Figures(cost_nano=4), refused_by={DAY: 1})
    other = Share(calls=3, then=Figures(cost_nano=1), refused_us=7, refused_by={DAY: 2, WEEK: 1})

    one.add(other)
    one.add(Share(refused_us=9))

    assert (one.calls, one.saved_nano, one.refused_us) == (5, 6, 7)
    assert one.refused_by == {DAY: 3, WEEK: 1}


def test_an_entry_says_where_it_had_no_room_first() -> None:
    found = Effects(whose={(("team", "b"),): 9, (("team", "a"),): 5}, alerts={50: [1, 2], 80: [3]})

    assert found.first == (5, (("team", "a"),))
    assert found.told == 3
    assert Effects().first is None
