"""A text is kept up to a bound, and reports nothing."""

from tollway.model import Report
from tollway.wire.plain_text import PlainText


def test_a_text_is_what_was_delivered() -> None:
    reader = PlainText()
    reader.feed(b"Hello ")
    reader.feed("wörld".encode())

    assert reader.delivered() == "Hello wörld".encode()
    assert reader.report() == Report()


def test_an_endless_text_is_kept_up_to_the_bound() -> None:
    reader = PlainText(limit=10)
    for _ in range(1000):
        reader.feed(b"abcd")

    assert reader.delivered() == b"abcdabcdab"
