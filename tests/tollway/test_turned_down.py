"""A program that turns certificates down again and again is known for it, and for no other."""

from tollway.turned_down import MOST, SECONDS, TIMES, Caller, TurnedDown

PINNED = Caller("10.0.0.1", "api.openai.com", "a1")
NOW = 1_000.0


def turned_down(times: int, at: float = NOW) -> TurnedDown:
    known = TurnedDown()
    for _ in range(times):
        known.turned_down(PINNED, at)
    return known


def test_it_takes_several_times() -> None:
    assert not turned_down(0).is_unreadable(PINNED, NOW)
    assert not turned_down(TIMES - 1).is_unreadable(PINNED, NOW)
    assert turned_down(TIMES).is_unreadable(PINNED, NOW)


def test_another_machine_host_or_program_is_another() -> None:
    known = turned_down(TIMES)

    for other in ({"address": "10.0.0.2"}, {"host": "api.anthropic.com"}, {"form": "b2"}):
        assert not known.is_unreadable(PINNED._replace(**other), NOW)


def test_who_took_one_is_none_of_them_before_or_after() -> None:
    before, after = TurnedDown(), turned_down(TIMES)
    before.took(PINNED)
    for _ in range(TIMES):
        before.turned_down(PINNED, NOW)
    after.took(PINNED)

    assert not before.is_unreadable(PINNED, NOW)
    assert not after.is_unreadable(PINNED, NOW)


def test_after_a_while_it_is_tried_anew() -> None:
    known = turned_down(TIMES)

    assert known.is_unreadable(PINNED, NOW + SECONDS - 1)
    assert not known.is_unreadable(PINNED, NOW + SECONDS)
    known.turned_down(PINNED, NOW + SECONDS)
    assert not known.is_unreadable(PINNED, NOW + SECONDS)


def test_a_clock_that_was_set_back_lets_nobody_pass() -> None:
    assert not turned_down(TIMES).is_unreadable(PINNED, NOW - 1)


def test_of_many_the_oldest_are_forgotten() -> None:
    known = turned_down(TIMES)
    for number in range(MOST):
        known.turned_down(PINNED._replace(form=str(number)), NOW)

    assert not known.is_unreadable(PINNED, NOW)
