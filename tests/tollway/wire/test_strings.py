"""Of a JSON value, what a model reads is found, however deep."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.strings import strings


def test_marks_and_coded_bytes_are_no_text() -> None:
    value = {"type": "text", "text": "a", "signature": "x", "source": {"type": "base64", "data": "x"}}

    assert list(strings(value, None, 5, True, "b", [["c"]])) == ["a", "b", "c"]


def test_a_document_may_carry_its_text_as_data() -> None:
    assert list(strings({"type": "text", "data": "a"})) == ["a"]


def test_details_of_reasoning_are_text_where_nothing_else_says_it() -> None:
    """OpenRouter has both, Snowflake only these."""
    details = [{"type": "reasoning.text", "text": "Hm.", "signature": "c2ln"}]

    assert list(strings({"content": "a", "reasoning_details": details})) == ["a", "Hm."]
    assert list(strings({"reasoning": "Hm.", "reasoning_details": details})) == ["Hm."]
    assert list(strings({"reasoning_content": "Hm.", "reasoning_details": details})) == ["Hm."]


def test_what_the_model_is_shown_as_json_is_json() -> None:
    assert list(strings({"input": {"type": "x", "n": 1}}, {"input": "a"})) == ['{"type":"x","n":1}', "a"]


def test_a_value_may_be_nested_deeper_than_python_recurses() -> None:
    value: Any = "deep"
    for _ in range(10_000):
        value = {"input": [value]}

    assert ['"deep"' in found for found in strings(value)] == [True]


@given(st.lists(st.text()))
def test_the_order_is_kept(texts: list[str]) -> None:
    assert list(strings([{"text": t} for t in texts])) == texts
