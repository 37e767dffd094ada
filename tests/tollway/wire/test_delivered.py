"""Texts are kept up to a bound and unescaped when asked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.delivered import Delivered


@given(st.lists(st.text()), st.booleans())
def test_the_text_is_that_of_the_strings(texts: list[str], ascii_only: bool) -> None:
    delivered = Delivered()

    for text in texts:
        delivered.add(json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode())

    assert delivered.text() == "".join(texts).encode()


def test_a_surrogate_pair_may_come_in_two_halves() -> None:
    delivered = Delivered()
    delivered.add(b"\\ud83d")
    delivered.add(b"\\ude00")

    assert delivered.text() == "😀".encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b"a\\ud83d", b"a?"), (b"a\nb", b"a\nb"), (b"\xff\n", "\ufffd\n".encode()), (b'\\x"', b'\\x"')],
)
def test_what_is_no_string_is_read_as_well_as_may_be(raw: bytes, text: bytes) -> None:
    delivered = Delivered()
    delivered.add(raw)

    assert delivered.text() == text


def test_beyond_the_bound_only_the_size_is_known() -> None:
    delivered = Delivered(limit=10)

    for _ in range(5):
        delivered.add(b"1234")

    assert delivered.text() == b"12341234"
    assert delivered.size == 20
