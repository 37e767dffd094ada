"""What one choice says, in the order in which it is told."""

import pytest

from tollway.translation.chunk import Odd, calls_of, choice_of, function_of, loads, refusal_of, said


def test_thoughts_come_first_and_nothing_empty_is_said() -> None:
    delta = {"content": "Well", "reasoning_content": "hm", "reasoning": "again", "refusal": "no"}

    assert list(said(delta)) == [("thinking", "hm"), ("text", "Well"), ("text", "no")]
    assert list(said({"content": "", "reasoning_content": "", "refusal": ""})) == []
    assert list(said({"content": None, "reasoning": {"odd": 1}, "refusal": None})) == []


def test_thoughts_may_stand_in_their_details_alone() -> None:
    details = [{"type": "reasoning.text", "text": "h"}, {"type": "reasoning.encrypted"}, "odd", {"text": "m"}]

    assert list(said({"reasoning_details": details})) == [("thinking", "hm")]
    assert list(said({"reasoning_details": details, "reasoning": "first"})) == [("thinking", "first")]


@pytest.mark.parametrize("thinking", [None, "hm", []])
def test_thoughts_that_are_no_list_say_nothing(thinking: object) -> None:
    assert list(said({"content": [{"type": "thinking", "thinking": thinking}]})) == []
    assert list(said({"content": [{"type": "thinking"}]})) == []


def test_the_first_choice_is_the_one() -> None:
    first = {"index": 0, "delta": {}}

    assert choice_of({"choices": [{"index": 1}, "odd", first]}) == first
    assert choice_of({"choices": None}) is None


def test_pieces_of_calls() -> None:
    assert calls_of({"tool_calls": [{"id": "a"}, None]}) == [{"id": "a"}]
    assert calls_of({"tool_calls": None}) == []
    assert function_of({"function": {"name": None, "arguments": None}}) == ("", "")
    assert refusal_of({"refusal": ["odd"]}) is None


def test_what_python_alone_reads_is_read() -> None:
    assert loads(b'{"a": "\\ud83d"}') == {"a": "\ud83d"}
    with pytest.raises(Odd, match="no object"):
        loads(b'["\\ud83d"]')
