"""What a text can be read as at most."""

import unicodedata
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.bound.length import length, weight
from tollway.wire.tokens import counter

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("plain", 5),
        ("é", 2),
        ("中文", 6),
        ("🚀", 4),
        ("\ufdfa", 33),  # 3 bytes, of which NFKC makes 18 characters of Arabic, 33 bytes
        ("ﬁ", 3),  # a ligature: 3 bytes, "fi" has 2
        ("\ud800", 3),  # half a pair, which JSON can't hold, yet a form may
    ],
)
def test_a_text_is_as_long_as_its_bytes_or_those_of_its_nfkc_form(text: str, expected: int) -> None:
    """Whichever is more, as some tokenizers normalise first."""
    assert length(text) == expected


@given(st.text())
def test_no_byte_level_tokenizer_makes_more_tokens(text: str) -> None:
    """Each token has a byte at least, normalised or not."""
    count = counter("gpt-4o")

    assert count(text) <= length(text)
    assert count(unicodedata.normalize("NFKC", text)) <= length(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("abc", 3),
        (None, 4),
        (True, 4),
        (12.5, 4),
        (b"\x00\x01", 2),
        ([], 0),
        (["ab", "c"], 3 + 2 * 4),
        ({"key": "v"}, 3 + 1 + 4),
        ({"a": [{"b": 1}]}, (1 + 4) + 4 + (1 + 4) + 1),
    ],
)
def test_a_value_weighs_its_strings_its_keys_and_its_marks(value: object, expected: int) -> None:
    """Four for each member: quotes, colon, comma."""
    assert weight(value) == expected


@given(VALUES)
def test_a_value_weighs_no_less_than_what_its_json_says(value: Any) -> None:
    """Strings and numbers, without the marks: those share tokens with what they enclose."""
    said = "".join(_said(value))

    assert weight(value) >= len(said.encode())


def _said(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [part for key, one in value.items() for part in (key, *_said(one))]
    if isinstance(value, list):
        return [part for one in value for part in _said(one)]
    return [value if isinstance(value, str) else orjson.dumps(value).decode()]
