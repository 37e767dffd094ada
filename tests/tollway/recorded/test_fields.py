"""What a HAR's objects have is taken by its type; what is wrong is named by its key, and not quoted."""

from collections.abc import Callable
from typing import Any

import pytest

from tollway.recorded.fields import Fields, Flaw

FIELDS = Fields(
    {"response": {"text": "secret", "number": 2.5, "list": [1], "object": {}, "flag": True, "null": None}}
)


def response() -> Fields:
    found = FIELDS.fields("response")
    assert found is not None
    return found


def test_values_are_taken_by_their_types() -> None:
    fields = response()

    assert (fields.text("text"), fields.number("number"), fields.list("list")) == ("secret", 2, [1])
    assert fields.fields("object") is not None
    assert (fields.any("flag"), fields.any("nothing")) == (True, None)


@pytest.mark.parametrize("key", ["null", "nothing"])
def test_null_is_absent(key: str) -> None:
    fields = response()

    assert (fields.text(key), fields.number(key), fields.fields(key), fields.list(key)) == (
        None,
        None,
        None,
        [],
    )


@pytest.mark.parametrize(
    ("take", "key", "said"),
    [
        (Fields.text, "number", "response.number is a number, not text"),
        (Fields.number, "text", "response.text is text, not a number"),
        (Fields.number, "flag", "response.flag is true or false, not a number"),
        (Fields.fields, "list", "response.list is a list, not an object"),
        (Fields.list, "object", "response.object is an object, not a list"),
    ],
)
def test_what_is_of_another_type_is_named(take: Callable[[Fields, str], Any], key: str, said: str) -> None:
    with pytest.raises(Flaw) as raised:
        take(response(), key)

    assert str(raised.value) == said


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e30])
def test_a_number_that_is_none_is_absent(number: float) -> None:
    assert Fields({"n": number}).number("n") is None


def test_what_is_missing_is_named() -> None:
    assert str(response().missing("status")) == "response.status is missing"
