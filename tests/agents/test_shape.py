"""What is kept of a text: its length, and nothing that was said."""

import unicodedata

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.shape import filler, shape

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@given(st.text())
def test_filler_is_as_long_in_bytes_as_the_text_also_after_nfkc(text: str) -> None:
    """Also where characters combine: a bound is made of these lengths."""
    stands_in = filler(text)

    assert len(stands_in.encode()) == len(text.encode())
    assert len(orjson.dumps(stands_in)) == len(orjson.dumps(text))


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Mn", "Mc", "Cs"))))
def test_what_nfkc_expands_expands_in_the_filler(text: str) -> None:
    """Character by character."""
    for character in text:
        if len(unicodedata.normalize("NFKC", character).encode()) > len(character.encode()):
            assert filler(character) == character


@given(JSON)
def test_a_shape_has_the_keys_the_numbers_and_the_size_of_its_request(value: object) -> None:
    """Whatever the JSON is."""
    kept = shape(value)

    assert len(orjson.dumps(kept)) == len(orjson.dumps(value))
    assert skeleton(kept) == skeleton(value)
    assert shape(value) == kept


def skeleton(value: object) -> object:
    """A JSON value with each text replaced by the same one."""
    if isinstance(value, dict):
        return {key: skeleton(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [skeleton(inner) for inner in value]
    return "" if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"type": "text", "text": "say hi"}, {"type": "text", "text": "filler"}),
        ({"name": "Read", "description": "Reads"}, {"name": "Read", "description": "fille"}),
        ({"name": "a sentence"}, {"name": "filler of "}),
        ({"required": ["file_path"]}, {"required": ["file_path"]}),
        ({"id": "toolu_0123456789abcD"}, {"id": "aaaaa_0000000000aaaa"}),
        ({"user_id": '{"device":"abcd","n":1}'}, {"user_id": '{"device":"fill","n":1}'}),
        ({"user_id": '{"device": "abcd"}'}, {"user_id": 'f"ller o" e"ual "e'}),
        ({"text": "two\nlines"}, {"text": "fil\ner of"}),
    ],
)
def test_words_of_the_format_stay_and_all_others_go(value: object, kept: object) -> None:
    """Worked out by hand."""
    assert shape(value) == kept
