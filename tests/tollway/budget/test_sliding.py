"""Windows that slide, in slots."""

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.sliding import RING, SHORTEST_US, Sliding, slot_of

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
    slot = window.add(8, NOW_US)

    assert window.change(-5, NOW_US) == slot
    assert (window.total, window.of(slot)) == (3, 3)
    assert window.change(2, NOW_US) == slot
    assert (window.total, window.of(slot)) == (5, 5)


def test_no_more_is_taken_back_than_is_there() -> None:
    """Its slot may be another one's by then: a clock was set."""
    window = sliding()
    window.add(8, NOW_US)

    assert window.change(-9, NOW_US) is not None
    assert window.change(-1, NOW_US + SECOND_US) is None
    assert window.total == 0


def test_of_what_has_left_the_window_nothing_is_taken_back() -> None:
    window = sliding()
    window.add(8, NOW_US)
    window.look(NOW_US + 2 * MINUTE_US)

    assert window.change(-8, NOW_US) is None
    assert window.total == 0


def test_a_clock_that_was_set_back_a_little_is_waited_for() -> None:
    """What comes meanwhile counts where the last did."""
    window = sliding()
    window.look(NOW_US)
    window.add(1, NOW_US)

    assert not window.look(NOW_US - MINUTE_US)
    assert window.add(1, NOW_US - MINUTE_US) == NOW_US // SECOND_US
    assert seen(window, NOW_US + MINUTE_US) == 2
    assert seen(window, NOW_US + MINUTE_US + SECOND_US) == 0


def test_after_a_clock_was_set_back_far_all_in_the_window_counts_as_of_then() -> None:
    """It is not known how long ago it came: after a window's length it is gone in any case."""
    window = sliding()
    window.add(1, NOW_US)
    window.add(2, NOW_US + SECOND_US)
    back_us = NOW_US - 3_600 * SECOND_US

    assert window.look(back_us)
    assert window.slots() == {back_us // SECOND_US: 3}
    assert seen(window, back_us + MINUTE_US) == 3
    assert seen(window, back_us + MINUTE_US + SECOND_US) == 0


def test_what_was_stored_is_put_back() -> None:
    window, again = sliding(), sliding()
    for second in range(3):
        window.add(second, NOW_US + second * SECOND_US)
    for slot, amount in window.slots().items():
        again.put(slot, amount)

    assert (again.slots(), again.total, again.newest) == (window.slots(), 3, window.newest)


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


@given(st.lists(st.integers(0, 100_000), max_size=200), st.integers(1_000, 10_000_000))
def test_what_counts_has_a_place_of_its_own_in_the_ring(waits: list[int], window_us: int) -> None:
    window, now_us = sliding(window_us), NOW_US
    for wait_us in waits:
        now_us += wait_us
        window.look(now_us)
        window.add(1, now_us)

    window.look(now_us)
    slots = list(window.slots())
    assert slots == sorted(slots)
    assert len({slot % RING for slot in slots}) == len(slots) <= RING
    assert bisect_right(slots, now_us // window.slot_us) == len(slots)
