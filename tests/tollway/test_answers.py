"""An answer is billed once, in the row of the call that asked for it."""

from tollway.answers import Answers
from tollway.model import CallRecord

ROW = CallRecord(id="c1", state="done", started_us=0)


def test_an_answer_is_billed_from_the_moment_that_it_is() -> None:
    answers = Answers()

    assert not answers.was_billed("a")
    assert answers.bill("a") is None
    assert answers.was_billed("a")
    assert not answers.was_billed("b")


def test_the_row_that_waits_for_an_answer_is_given_once() -> None:
    answers = Answers()
    answers.await_usage("a", ROW)

    assert not answers.was_billed("a")
    assert [answers.bill("a"), answers.bill("a")] == [ROW, None]


def test_the_oldest_of_either_kind_is_forgotten() -> None:
    answers = Answers(most=2)
    for name in "abc":
        answers.await_usage(f"awaited {name}", ROW)
        answers.bill(name)

    assert [answers.was_billed(name) for name in "abc"] == [False, True, True]
    assert [answers.bill(f"awaited {name}") for name in "abc"] == [None, ROW, ROW]


def test_it_knows_what_was_billed_and_what_is_to_be() -> None:
    answers = Answers()
    answers.bill("a")
    answers.await_usage("b", ROW)

    assert [answers.knows(name) for name in "abc"] == [True, True, False]


def test_what_failed_is_given_up_by_who_waits_for_it() -> None:
    """Once; of what nobody waits for, nothing is remembered."""
    answers = Answers()
    answers.await_usage("a", ROW)

    assert [answers.give_up(name) for name in "aab"] == [ROW, None, None]
    assert [answers.was_billed(name) for name in "ab"] == [True, False]
