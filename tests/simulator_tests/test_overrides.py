"""Scenarios can be written as JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator import Cut, Iteration, Scenario, Socket, Usage
from tests.simulator.overrides import override


def test_every_kind_of_field_can_be_written() -> None:
    text = """{
        "status": 503, "body": "\\u00ff", "headers": [["a", "1"], ["a", "2"]], "informational": [100, 103],
        "trailers": [], "cut": {"how": "reset", "after_events": 3}, "finish": "length",
        "usage": {"input_tokens": 5, "output_tokens": null,
        "iterations": [{"model": "m", "output_tokens": 2}]}
    }"""

    assert override(Scenario(ttfb=1.0), text) == Scenario(
        status=503,
        body=b"\xff",
        headers=(("a", "1"), ("a", "2")),
        informational=(100, 103),
        cut=Cut(how="reset", after_events=3),
        finish="length",
        ttfb=1.0,
        usage=Usage(input_tokens=5, output_tokens=None, iterations=(Iteration(model="m", output_tokens=2),)),
    )


def test_nulls_take_away() -> None:
    base = Scenario(cut=Cut(), body=b"x")

    assert override(base, '{"cut": null, "usage": null, "body": null}') == Scenario(usage=None)


def test_usage_and_cut_are_merged() -> None:
    base = Scenario(usage=None, cut=Cut(how="reset", after_bytes=5))

    assert override(base, '{"usage": {"web_searches": 3}, "cut": {"after_bytes": 6}}') == Scenario(
        usage=Usage(web_searches=3), cut=Cut(how="reset", after_bytes=6)
    )


def test_sockets_and_their_calls_can_be_written() -> None:
    text = '{"websocket": 101, "socket": {"fragments": 9, "calls": [{"status": 429}, {"cut": {}}]}}'

    assert override(Scenario(socket=Socket(pings=2)), text) == Scenario(
        websocket=101,
        socket=Socket(pings=2, fragments=9, calls=(Scenario(status=429), Scenario(cut=Cut()))),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"socket": {"size": 5}}', "Socket has no field 'size'"),
        ('{"stauts": 500}', "Scenario has no field 'stauts'"),
        ('{"usage": {"tokens": 5}}', "Usage has no field 'tokens'"),
        ('{"status": [5]}', "status: expected a plain value"),
        ('{"status": "429"}', "status: expected int"),
        ('{"interval": "fast"}', "interval: expected float"),
        ("[]", "a scenario is a JSON object"),
        ("{", "unexpected end"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        override(Scenario(), text)


@given(st.integers(100, 599), st.integers(0, 10), st.floats(0, 9))
def test_numbers_pass_through(status: int, events: int, ttfb: float) -> None:
    text = f'{{"status": {status}, "events": {events}, "ttfb": {ttfb!r}}}'

    assert override(Scenario(), text) == Scenario(status=status, events=events, ttfb=ttfb)
