"""Several answers to one call."""

from collections.abc import Iterator
from typing import Any

from tollway.guardrails.answers.alternatives import Alternatives
from tollway.guardrails.answers.channel import What
from tollway.guardrails.answers.said import Ended, Message, Said


def read(one: Message, number: int, place: int) -> Iterator[Said | Ended]:
    yield Said((number,), What.TEXT, ("list", place), one["text"])


def test_each_ends_by_itself() -> None:
    """By its number, or else its place; what is no object is none."""
    some = Alternatives("list", "reason")
    message: dict[str, Any] = {
        "list": [{"text": "a"}, 7, {"index": 5, "text": "b", "reason": "stop"}, {"index": 6, "text": "c"}]
    }

    found = list(some.read(message, read))

    assert found == [
        Said((0,), What.TEXT, ("list", 0), "a"),
        Said((5,), What.TEXT, ("list", 2), "b"),
        Ended((5,)),
        Said((6,), What.TEXT, ("list", 3), "c"),
    ]
    assert some.ended(message) == [2]
    assert some.open == [0, 6]


def test_one_that_has_ended_stays_so() -> None:
    some = Alternatives("list", "reason")
    for reason in ("stop", None):
        assert list(some.read({"list": [{"text": "a", "reason": reason}]}, read))

    assert some.open == []
    assert list(some.read({}, read)) == []
