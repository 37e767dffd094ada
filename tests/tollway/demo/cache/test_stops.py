"""What is played."""

from tollway.demo.cache import stops


def test_the_question_that_is_asked_again_is_written_otherwise() -> None:
    """Its members stand in another order, and one more says nothing of the answer."""
    first, again = stops.first().body, stops.again().body

    assert list(first) != list(again)
    assert {name: again[name] for name in first} == first
    assert set(again) - set(first) == {"user"}


def test_five_ask_for_a_stream_that_waits_for_them() -> None:
    stop = stops.together()

    assert (stop.body["stream"], stop.answer["gate"]) == (True, stops.GATE)


def test_who_wants_a_fresh_answer_says_so() -> None:
    assert stops.fresh().headers == {"x-tollway-skip-cache": "true"}
    assert stops.fresh().body == stops.first().body
