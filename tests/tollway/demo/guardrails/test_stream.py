"""The texts of a stream, of the simulator's own."""

from tests.simulator.dialects.anthropic_messages import ask, events
from tests.simulator.scenario import Scenario
from tollway.demo.guardrails.stream import texts


def test_each_event_that_says_something_is_a_text() -> None:
    """Its beginning, its end and what it used say nothing."""
    stream = events(ask("/v1/messages", "", {"stream": True}), Scenario(texts=("To Nör", "a", " ")))

    assert texts(b"".join(stream).decode()) == ["To Nör", "a", " "]


def test_a_body_that_is_no_stream_has_none() -> None:
    assert texts('{"type": "error"}') == []
