"""Texts and their bytes in JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.escapes import decoded, encoded, in_bytes, in_characters, offsets

ANY = st.text(st.characters(), max_size=20)
"""Lone surrogates among them."""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        ("grün".encode(), "grün"),
        (rb"a\nb\u0041\"", 'a\nbA"'),
        (rb"\ud83d\ude00!", "\U0001f600!"),
        (rb"\ud83d!", "\ud83d!"),
        (b"a\nb\\n", "a\nb\n"),
        (b"\xff\\n", "\udcff\n"),
        (b"\xff", "\udcff"),
        (b"", ""),
    ],
)
def test_a_string_is_read_as_readers_read_it(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


def test_an_escape_that_no_reader_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="escape"):
        decoded(rb"\x41")


@given(ANY, st.booleans())
def test_a_text_is_written_so_that_it_is_read_as_it_was(text: str, ascii: bool) -> None:
    raw = json.dumps(text)[1:-1].encode() if ascii else encoded(text.encode("utf-8", "replace").decode())

    assert decoded(raw) == (text if ascii else text.encode("utf-8", "replace").decode())


def test_bytes_that_are_no_utf8_are_written_as_they_were() -> None:
    assert encoded(decoded(b"a\xff\xfe")) == b"a\xff\xfe"


@given(
    st.lists(st.sampled_from([b"a", "ü".encode(), b"\\n", b"\\u00fc", b"\\ud83d\\ude00", b"\\\\", b"\xff"]))
)
def test_each_character_is_found_among_the_bytes(parts: list[bytes]) -> None:
    starts = [len(b"".join(parts[:number])) for number in range(len(parts) + 1)]

    assert offsets(b"".join(parts), range(len(parts) + 1)) == starts
    assert offsets(b"".join(parts), [len(parts)] * 2) == [starts[-1]] * 2


def test_places_of_a_text_are_counted_either_way() -> None:
    assert in_bytes("aüb\udcff", [0, 1, 2, 2, 4]) == [0, 1, 3, 3, 5]
    assert in_characters("aüb".encode() + b"\xff", [0, 1, 3, 3, 5]) == [0, 1, 2, 2, 4]
