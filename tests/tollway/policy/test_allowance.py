"""Values that pass, as a policy writes them."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from tollway.guardrails.allowed import Allowance, How
from tollway.policy.allowance import AllowanceText, parse, written


@pytest.mark.parametrize("value", ["*@firma.de", {"exact": "a*"}, {"re2": "x+"}, {"hash": "0" * 32}])
def test_what_is_written_is_read_as_the_same(value: Any) -> None:
    found = parse(value)

    assert written(found) == value
    assert parse(found) is found


def test_a_plain_text_may_have_wild_signs() -> None:
    assert parse("a?c*") == Allowance(How.GLOB, "a?c*")


@pytest.mark.parametrize("value", [3, "", {}, {"exact": "a", "re2": "b"}, {"like": "a"}, {"exact": 3}, ["a"]])
def test_what_is_none_is_told(value: Any) -> None:
    with pytest.raises(ValueError, match="write text with"):
        parse(value)


def test_its_schema_says_both_forms() -> None:
    schema = TypeAdapter[Any](AllowanceText).json_schema()

    assert [each["type"] for each in schema["anyOf"]] == ["string", "object"]
