"""The calls of a socket are told apart, each ends once, and what is kept of them is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Report, Usage
from tollway.sockets.calls import MOST, REMEMBERED, Call, Calls
from tollway.sockets.events import How

ASKED = Asked(model="m")


def begun(calls: Calls, lane: str | None = None, metadata: object = None, mark: str | None = None) -> Call:
    """A call that waits."""
    call, _ = calls.begin(0, "chat", ASKED)
    call.lane, call.metadata, call.mark = lane, metadata, mark
    assert calls.wait(call, 0) == []
    return call


def test_an_answer_is_to_the_call_that_has_waited_longest_on_its_lane() -> None:
    calls = Calls()
    first, second, other = begun(calls), begun(calls), begun(calls, lane="b")

    assert [calls.waiting(), calls.waiting("b"), calls.waiting(), calls.waiting()] == [
        first,
        other,
        second,
        None,
    ]


def test_an_answer_that_repeats_metadata_is_to_the_call_that_has_them() -> None:
    calls = Calls()
    plain, marked = begun(calls), begun(calls, metadata={"topic": "x"})

    assert calls.waiting(metadata={"topic": "x"}) is marked
    assert calls.waiting(metadata={"topic": "of nobody"}) is plain


def test_what_names_no_lane_may_be_of_any() -> None:
    """Where none is without one."""
    calls = Calls()
    call = begun(calls, lane="a")
    assert calls.waiting("b") is None
    assert calls.waiting() is call

    calls.answer(call, "r1", 0)

    assert (calls.only(), calls.only("b")) == (call, None)


def test_a_waiting_call_is_found_by_its_mark_and_its_number() -> None:
    calls = Calls()
    first, second = begun(calls, mark="a"), begun(calls, mark="b")

    assert calls.marked("c") is None
    assert calls.marked("b") is second
    assert calls.withdraw(second.number) is None
    assert calls.withdraw(first.number) is first
    assert not calls.waits()


def test_a_call_under_way_is_known_by_its_id_until_it_ends() -> None:
    calls = Calls()
    call = begun(calls)
    assert calls.waiting() is call

    calls.answer(call, "r1", 5)
    found = calls.named("r1"), calls.only(), calls.named(None)
    ended = calls.end(call, 9, How.COMPLETED, Report(usage=Usage(input_tokens=1)), "r1")

    assert found == (call, call, None)
    assert (ended.first, ended.at, ended.how) == (5, 9, How.COMPLETED)
    assert calls.named("r1") is None
    assert calls.is_over("r1")


def test_of_several_under_way_none_is_the_only_one() -> None:
    calls = Calls()
    for id in ("r1", "r2"):
        call, _ = calls.begin(0, "chat", ASKED)
        calls.answer(call, id, 0)

    assert calls.only() is None


def test_texts_and_sound_are_told_where_there_is_no_usage() -> None:
    """With a usage there is nothing to estimate."""
    calls = Calls()
    one, two = begun(calls), begun(calls)
    for call in (one, two):
        call.delivered.add(b"a\\nb")
        call.sound = 7

    ended = calls.end(one, 0, How.FAILED, Report())
    metered = calls.end(two, 0, How.FAILED, Report(usage=Usage()))

    assert (ended.delivered, ended.sound) == (b"a\nb", 7)
    assert (metered.delivered, metered.sound) == (b"", 0)


def test_all_are_cut_with_the_socket() -> None:
    calls = Calls()
    waiting, call = begun(calls, lane="b"), begun(calls)
    calls.answer(call, "r1", 1)
    assert calls.waiting() is call

    cut = calls.cut(9)

    assert [(e.call, e.how, e.report.id) for e in cut] == [
        (call.number, How.CUT, "r1"),
        (waiting.number, How.CUT, None),
    ]
    assert calls.cut(9) == []


def test_the_oldest_is_cut_where_too_many_wait() -> None:
    calls = Calls()
    for _ in range(MOST):
        begun(calls)
    call, _ = calls.begin(3, "chat", ASKED)

    ended = calls.wait(call, 3)

    assert [(e.call, e.how) for e in ended] == [(0, How.CUT)]


def test_the_oldest_is_cut_where_too_many_are_under_way() -> None:
    calls = Calls()
    ended = []
    for number in range(MOST + 2):
        call, _ = calls.begin(0, "chat", ASKED)
        ended += calls.answer(call, f"r{number}", 0)

    assert [(e.call, e.report.id) for e in ended] == [(0, "r0"), (1, "r1")]
    assert not calls.is_over("r0"), "its usage may yet come"


@given(st.integers(1, 3 * REMEMBERED))
def test_only_the_last_ids_are_remembered(n: int) -> None:
    calls = Calls()
    for number in range(n):
        call, _ = calls.begin(0, "chat", ASKED)
        calls.end(call, 0, How.COMPLETED, Report(), str(number))

    known = [number for number in range(n) if calls.is_over(str(number))]

    assert known == list(range(max(0, n - REMEMBERED), n))
