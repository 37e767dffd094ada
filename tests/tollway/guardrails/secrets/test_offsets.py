"""Bytes to match, and from their places to characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.secrets.offsets import characters, matched


@given(st.text().filter(lambda text: text.isprintable()), st.data())
def test_an_offset_between_characters_is_their_number(text: str, data: st.DataObject) -> None:
    """Whatever stands before it."""
    at = data.draw(st.integers(0, len(text)))
    offset = len(text[:at].encode())

    assert characters(text.encode(), [offset]) == {offset: at}


def test_an_offset_inside_a_character_takes_it_in() -> None:
    """The second and third byte of three end after it."""
    assert characters("a日b".encode(), [1, 2, 3, 4, 5]) == {1: 1, 2: 2, 3: 2, 4: 2, 5: 3}


def test_any_order_and_any_repetition_is_allowed() -> None:
    """Each is counted once."""
    assert characters("éé".encode(), [4, 0, 2, 4]) == {0: 0, 2: 1, 4: 2}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("é", b"\xc3\xa9"),
        ("a\ud800b", b"a?b"),
        ("a\0b", b"a b"),
        ("a\\nb", b"a \nb"),
        ("a\\r\\n\\tb", b"a \r \n \tb"),
        ("a\\xb", b"a\\xb"),
    ],
)
def test_what_is_matched_has_a_place_for_each(text: str, data: bytes) -> None:
    """As many characters as the text."""
    assert matched(text) == data
    assert characters(data, [len(data)]) == {len(data): len(text)}
