"""What a request foretold is billed once its answer is there."""

from collections.abc import Mapping
from typing import Any

import pytest

from tollway.model import Report, Usage
from tollway.wire.foretold import Foretold
from tollway.wire.object_answer import ObjectAnswer

SPOKEN = Usage(characters=40)


def tell(answer: Mapping[str, Any]) -> Report:
    usage = answer.get("usage")
    return Report(usage=Usage(**usage) if usage else None, error=answer.get("error"))


@pytest.mark.parametrize(
    ("answer", "billed", "usage"),
    [
        (b"{}", SPOKEN, SPOKEN),
        (b'{"usage":{"seconds":3}}', SPOKEN, Usage(characters=40, seconds=3)),
        (b'{"usage":{"characters":39}}', SPOKEN, Usage(characters=39)),
        (b"{}", None, None),
        (b'{"sound":"aGk', SPOKEN, None),
        (b'{"error":"no"}', SPOKEN, None),
    ],
    ids=["alone", "beside", "the answer holds", "nothing asked", "cut off", "an error"],
)
def test_a_whole_answer_costs_what_was_asked_for(
    answer: bytes, billed: Usage | None, usage: Usage | None
) -> None:
    """And what it reports besides."""
    reader = Foretold(ObjectAnswer(tell, ("usage", "error")), billed, {":status": "200"})

    reader.feed(answer)

    assert reader.report().usage == usage


def test_texts_are_those_of_the_answer() -> None:
    """It reads nothing itself."""
    reader = Foretold(ObjectAnswer(tell, ("text",), lambda answer: (answer.get("text"),)), SPOKEN, {})
    reader.feed(b'{"text":')
    reader.feed(b'"Hi."}')

    assert reader.delivered() == b"Hi."


def test_what_failed_costs_nothing_though_its_body_names_no_error() -> None:
    """A 422 of Mistral says `{"detail": ...}`."""
    reader = Foretold(ObjectAnswer(tell, ("usage", "error")), SPOKEN, {":status": "422"})

    reader.feed(b'{"detail":[]}')

    assert reader.report().usage is None
