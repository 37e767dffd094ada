"""`tollway.inspection.mended`: JSON that is cut off."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.inspection.mended import mended

OBJECT = {"a": 1, "b": [{"c": 'x"\\\n'}, "é😀"], "d": {"e": [], "f": None}, "g": "end"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1, "b": "half', {"a": 1, "b": "half"}),
        ('{"a": 1, "b": "ha\\', {"a": 1, "b": "ha"}),
        ('{"a": 1, "b": "ha\\\\', {"a": 1, "b": "ha\\"}),
        ('{"a": 1, "b": "ha\\u00', {"a": 1, "b": "ha"}),
        ('{"b": "ha\\ud83d', {"b": "ha"}),
        ('{"b": "ha\\ud83d\\u1', {"b": "ha"}),
        ('{"a": 1, "b', {"a": 1}),
        ('{"a": 1, "b": tr', {"a": 1}),
        ('{"a": [1, {"b": ', {"a": [1]}),
        ('{"a": {"b": [2', {"a": {"b": [2]}}),
        ('{"a": 1}', {"a": 1}),
        ('{"a": ', {}),
        ("[1, 2", {}),
        ("}]", {}),
        ("", {}),
        ("no JSON, at all", {}),
        ('{"a": 1, "b": ' + "[" * 600, {"a": 1}),
    ],
)
def test_what_came_before_the_cut(text: str, found: dict[str, Any]) -> None:
    """Whole members, and the beginning of a last text."""
    assert mended(text.encode()) == found


@given(cut=st.integers(0, len(json.dumps(OBJECT))), ascii=st.booleans())
def test_any_cut_gives_a_beginning(cut: int, ascii: bool) -> None:
    """Members keep their values: only the last may be shorter."""
    text = json.dumps(OBJECT, ensure_ascii=ascii).encode()

    found = mended(text[:cut])

    assert [*found] == [*OBJECT][: len(found)]
    for name in [*found][:-1]:
        assert found[name] == OBJECT[name]


def test_a_character_that_is_cut_is_left_out() -> None:
    """Its first bytes are no text."""
    assert mended('{"a": "é'.encode()[:-1]) == {"a": ""}
