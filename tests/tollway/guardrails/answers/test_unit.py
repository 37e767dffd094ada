"""A unit of a body with another message."""

from tollway.guardrails.answers.unit import Unit


def test_what_stands_around_a_message_stays() -> None:
    """And its line ends are written as they were."""
    unit = Unit(b"", b"{\n}", b"data: ", b"\n\n", b"\ndata: ")

    assert unit.holding(b"{\n\n}") == b"data: {\ndata: \ndata: }\n\n"
