"""One answer for several: each gets all of it, in its order, whenever it comes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.joining.shared import Listener, Shared
from tollway.model import Usage
from tollway.played import BrokenOff, CameTo, Head

HEAD = Head(fields=((b"content-type", b"text/event-stream"),))


def begun(most: int = 1000) -> Shared:
    """One that has begun."""
    shared = Shared(most)
    shared.begin(HEAD)
    return shared


def joined(shared: Shared) -> Listener:
    listener = shared.listen()
    assert listener is not None
    return listener


def test_who_joins_gets_what_came_and_then_the_rest() -> None:
    shared = Shared(1000)
    early = joined(shared)
    assert (early.take(), shared.is_awaited) == (b"", True)
    shared.begin(HEAD)
    assert (early.head(), early.take(), shared.is_awaited) == (HEAD, b"", False)

    shared.feed(b"one ")
    shared.feed(b"two ")
    late = joined(shared)
    assert (early.take(), late.take()) == (b"one two ", b"one two ")
    shared.feed(b"")
    assert early.take() == b""
    shared.feed(b"three")
    shared.end()
    shared.feed(b"too late")

    assert (early.take(), early.take(), late.take(), late.take()) == (b"three", None, b"three", None)
    assert (shared.body(), shared.has_ended, shared.is_over) == (b"one two three", True, True)


def test_what_breaks_off_breaks_off_for_all_behind_what_came() -> None:
    shared = begun()
    listener = joined(shared)
    shared.feed(b"half")
    shared.break_off()
    shared.end()

    assert listener.take() == b"half"
    with pytest.raises(BrokenOff):
        listener.take()
    assert (shared.has_ended, shared.is_over, shared.has_failed) == (False, True, False)
    assert shared.listen() is None


def test_what_fails_before_it_begins_is_nobodys() -> None:
    shared = Shared(1000)
    listener = joined(shared)
    shared.break_off()
    shared.break_off()

    assert (shared.has_failed, shared.is_over, shared.listen()) == (True, True, None)
    with pytest.raises(BrokenOff):
        listener.take()


def test_one_that_has_ended_is_joined_only_if_it_is_known_to_be_good() -> None:
    shared = begun()
    shared.feed(b"all")
    shared.end()
    assert shared.listen() is None

    shared.settle(CameTo(cost_nano=5), is_good=True)
    assert joined(shared).take() == b"all"
    bad = begun()
    bad.end()
    bad.settle(CameTo())
    assert bad.listen() is None


def test_what_it_came_to_is_told_once() -> None:
    shared = begun()
    listener = joined(shared)
    assert listener.came_to is None

    shared.settle(CameTo(usage=Usage(input_tokens=7), cost_nano=5))
    shared.settle(CameTo())

    assert listener.came_to == CameTo(usage=Usage(input_tokens=7), cost_nano=5)


def test_each_change_is_told_once_to_those_who_wait() -> None:
    shared, told = Shared(1000), list[str]()
    listener = joined(shared)
    listener.when_more(lambda: told.append("begun"))
    shared.begin(HEAD)
    listener.when_more(lambda: told.append("fed"))
    shared.feed(b"a")
    listener.when_more(lambda: told.append("ended"))
    shared.end()
    listener.when_more(lambda: told.append("settled"))
    shared.settle(CameTo())
    shared.settle(CameTo())

    assert told == ["begun", "fed", "ended", "settled"]


def test_of_a_long_answer_nobody_gets_the_end_alone() -> None:
    """Its beginning is dropped once all have it, and then it can't be joined, or kept."""
    shared = begun(most=10)
    listener = joined(shared)
    shared.feed(b"12345678")
    assert listener.take() == b"12345678"
    shared.feed(b"abcd")

    assert (shared.listen(), shared.body()) == (None, None)
    assert listener.take() == b"abcd"
    shared.feed(b"ef")
    shared.end()
    assert (listener.take(), listener.take()) == (b"ef", None)


def test_who_lags_behind_loses_it_and_holds_up_nobody() -> None:
    shared = begun(most=10)
    slow, quick = joined(shared), joined(shared)
    for piece in (b"12345", b"67890", b"abcde", b"fghij"):
        shared.feed(piece)
        assert quick.take() == piece

    with pytest.raises(BrokenOff):
        slow.take()
    slow.leave()
    assert quick.take() == b""


def test_a_single_piece_may_be_longer_than_what_is_kept() -> None:
    shared = begun(most=3)
    listener = joined(shared)
    shared.feed(b"12345")

    assert listener.take() == b"12345"
    assert begun().listeners == 0


def test_what_nobody_listens_to_is_kept_no_longer_than_it_may_be_joined() -> None:
    shared = begun(most=3)
    listener = joined(shared)
    assert shared.listeners == 1
    listener.leave()
    assert shared.listeners == 0
    shared.feed(b"1234")
    shared.feed(b"5")

    assert (shared.body(), shared._pieces) == (None, [])


@given(
    pieces=st.lists(st.binary(min_size=1, max_size=8), max_size=20),
    turns=st.lists(st.integers(0, 3), max_size=60),
)
def test_all_get_the_same_whatever_comes_when(pieces: Sequence[bytes], turns: Sequence[int]) -> None:
    """As long as it is within what is kept: whoever joins whenever, and takes whenever."""
    shared, left = begun(most=200), list(pieces)
    listeners: list[tuple[Listener, list[bytes]]] = []
    for turn in turns:
        if turn == 0 and left:
            shared.feed(left.pop(0))
        elif turn == 1:
            listeners.append((joined(shared), []))
        else:
            for listener, taken in listeners[turn - 2 :: 2]:
                taken.append(listener.take() or b"")
    for piece in left:
        shared.feed(piece)
    shared.end()

    for listener, taken in listeners:
        while (more := listener.take()) is not None:
            taken.append(more)
        assert b"".join(taken) == b"".join(pieces)
    assert shared.body() == b"".join(pieces)
