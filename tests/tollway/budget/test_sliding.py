"""Windows that slide, in slots."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.sliding import SHORTEST_US, SLOTS, Sliding, slot_of

MINUTE_US = 60_000_000
NOW_US = 1_795_608_000_000_000
SECOND_US = 1_000_000


def sliding(window_us: int = MINUTE_US) -> Sliding:
    """An empty one."""
    return Sliding(window_us, slot_of(window_us))


def seen(of: Sliding, now_us: int) -> int:
    """What it counts at a moment."""
    of.look(now_us)
    return of.total


def test_a_window_has_sixty_slots_and_none_is_shorter_than_a_millisecond() -> None:
    assert slot_of(MINUTE_US) == SECOND_US
    assert slot_of(61) == SHORTEST_US
    assert slot_of(10 * SECOND_US) == 166_667


def test_what_came_counts_until_its_slot_is_wholly_out_of_the_window() -> None:
    """At 12:00:00.4 it came: its second ends at 12:00:01, which is out at 12:01:01."""
    window = sliding()
    window.look(NOW_US)
    window.add(5, NOW_US + 400_000)

    assert seen(window, NOW_US + MINUTE_US + SECOND_US - 1) == 5
    assert seen(window, NOW_US + MINUTE_US + SECOND_US) == 0


def test_it_says_when_there_is_room_again() -> None:
    """Of ten, three came in the first second and seven in the third: four more need a part of the seven."""
    window = sliding()
    window.look(NOW_US)
    window.add(3, NOW_US)
    window.add(7, NOW_US + 2 * SECOND_US)

    assert window.frees_us(3, 10) == NOW_US + MINUTE_US + SECOND_US
    assert window.frees_us(4, 10) == NOW_US + MINUTE_US + 3 * SECOND_US
    assert window.empty_us() == NOW_US + MINUTE_US + 3 * SECOND_US


def test_what_turns_out_to_be_less_or_more_is_set_right_where_it_was_counted() -> None:
    window = sliding()
    window.add(8, NOW_US)
    window.add(1, NOW_US + 2 * SECOND_US)

    window.change(-5, NOW_US)
    assert (window.total, window.amounts) == (4, [3, 0, 1])
    window.change(2, NOW_US)
    assert (window.total, window.amounts) == (6, [5, 0, 1])


def test_what_is_more_counts_as_of_its_own_moment() -> None:
    """The newest, an older one, or none any more."""
    window = sliding()
    window.add(8, NOW_US)
    window.change(1, NOW_US + 2 * SECOND_US)
    window.change(2, NOW_US + SECOND_US)
    window.change(4, NOW_US - 2 * MINUTE_US)

    assert (window.total, window.amounts) == (11, [8, 2, 1])
    window.change(-4, NOW_US + 9 * SECOND_US)
    assert window.total == 11


def test_no_more_is_taken_back_than_is_there() -> None:
    """Its slot may be another one's by then: a clock was set."""
    window = sliding()
    window.add(8, NOW_US)

    window.change(-1, NOW_US + SECOND_US)
    assert window.total == 8
    window.change(-9, NOW_US)
    assert (window.total, window.amounts) == (0, [0])


def test_of_what_has_left_the_window_nothing_is_taken_back() -> None:
    window = sliding()
    window.add(8, NOW_US)
    window.look(NOW_US + 2 * MINUTE_US)

    window.change(-8, NOW_US)
    window.change(8, NOW_US)
    assert (window.total, window.amounts) == (0, [])


def test_a_clock_that_was_set_back_a_little_is_waited_for() -> None:
    """What comes meanwhile counts where the last did."""
    window = sliding()
    window.look(NOW_US)
    window.add(1, NOW_US)

    assert not window.look(NOW_US - MINUTE_US)
    window.add(1, NOW_US - MINUTE_US)
    assert (window.newest, window.amounts) == (NOW_US // SECOND_US, [2])
    assert seen(window, NOW_US + MINUTE_US) == 2
    assert seen(window, NOW_US + MINUTE_US + SECOND_US) == 0


def test_after_a_clock_was_set_back_far_all_in_the_window_counts_as_of_then() -> None:
    """It is not known how long ago it came: after a window's length it is gone in any case."""
    window = sliding()
    window.add(1, NOW_US)
    window.add(2, NOW_US + SECOND_US)
    back_us = NOW_US - 3_600 * SECOND_US

    assert window.look(back_us)
    assert (window.newest, window.amounts) == (back_us // SECOND_US, [3])
    assert seen(window, back_us + MINUTE_US) == 3
    assert seen(window, back_us + MINUTE_US + SECOND_US) == 0


def test_what_was_stored_is_counted_on() -> None:
    window = sliding()
    for second in (1, 2, 4):
        window.add(second, NOW_US + second * SECOND_US)
    again = Sliding(MINUTE_US, SECOND_US, window.newest, window.amounts)
    again.add(1, NOW_US + 5 * SECOND_US)

    assert (again.amounts, again.total) == ([1, 2, 0, 4, 1], 8)
    assert window.amounts == [1, 2, 0, 4]


def test_what_comes_after_a_long_while_begins_anew() -> None:
    """No slot is kept for the time between."""
    window = sliding()
    window.add(1, NOW_US)
    window.add(2, NOW_US + 3_600 * SECOND_US)

    assert (window.amounts, window.total) == ([2], 2)


steps = st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(1, 9)), max_size=60)


@given(steps, st.integers(9, 30), st.integers(1_000, 10_000_000))
def test_never_more_than_allowed_is_admitted_in_any_window(
    calls: list[tuple[int, int]], allowed: int, window_us: int
) -> None:
    """Wherever the window begins; who is refused is admitted as soon as it was told, if nobody else comes."""
    window, now_us = sliding(window_us), NOW_US
    admitted: list[tuple[int, int]] = []
    for wait_us, hold in calls:
        now_us += wait_us
        if seen(window, now_us) + hold > allowed:
            now_us = window.frees_us(hold, allowed)
            assert seen(window, now_us - 1) + hold > allowed
        assert seen(window, now_us) + hold <= allowed
        window.add(hold, now_us)
        admitted.append((now_us, hold))

    for end_us, _ in admitted:
        within = [hold for at_us, hold in admitted if end_us - window_us < at_us <= end_us]
        assert sum(within) <= allowed


@given(
    st.lists(st.tuples(st.integers(-10, 40), st.integers(0, 9), st.integers(-9, 9)), max_size=60),
    st.integers(1_000, 100_000),
)
def test_it_counts_what_a_list_of_all_that_came_does(
    steps: list[tuple[int, int, int]], window_us: int
) -> None:
    """In as few slots as a window has. A clock that is set back a little stands still."""
    window, now_us, latest_us = sliding(window_us), NOW_US, NOW_US
    came: dict[int, int] = {}
    for wait, amount, more in steps:
        now_us += wait * window_us // 30
        latest_us = max(latest_us, now_us) if latest_us - now_us <= window_us else now_us
        window.look(now_us)
        if max(now_us, window.newest * window.slot_us) < latest_us:
            return  # it is set back far: that has a test of its own
        first = (max(now_us, window.newest * window.slot_us) - window_us) // window.slot_us
        came = {slot: counted for slot, counted in came.items() if slot >= first}
        window.add(amount, now_us)
        slot = max([now_us // window.slot_us, *came])
        came[slot] = came.get(slot, 0) + amount
        window.change(more, now_us)
        if now_us // window.slot_us in came:
            came[now_us // window.slot_us] = max(0, came[now_us // window.slot_us] + more)

        assert window.total == sum(came.values()) == sum(window.amounts)
        assert len(window.amounts) <= SLOTS + 1


def test_what_is_counted_late_for_a_window_that_is_over_leaves_at_once() -> None:
    """Where a clock was set back, say."""
    window = sliding()
    window.add(1, NOW_US)
    window.look(NOW_US + 2 * MINUTE_US)
    window.add(5, NOW_US)

    assert seen(window, NOW_US + 2 * MINUTE_US) == 0
