"""Flows are cut out of a file by their lengths, however its bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.io import tnetstring

from tollway.recorded.netstrings import Netstrings


def cut(text: bytes, size: int, longest: int = 10**6) -> tuple[list[bytes | None], Netstrings]:
    """What is found in a text that is fed in pieces of so many bytes."""
    strings = Netstrings(longest)
    found = [one for at in range(0, len(text), size) for one in strings.feed(text[at : at + size])]
    return found, strings


@given(st.lists(st.binary(max_size=300), max_size=5), st.integers(1, 50))
def test_netstrings_are_the_same_however_the_file_is_cut(values: list[bytes], size: int) -> None:
    texts = [tnetstring.dumps({"body": value}) for value in values]

    found, strings = cut(b"".join(texts), size)

    assert found == texts
    assert (strings.broken, strings.inside) == (False, False)


@given(st.data())
def test_of_a_file_that_breaks_off_the_whole_ones_are_found(data: st.DataObject) -> None:
    texts = [tnetstring.dumps({"n": "x" * n}) for n in (1, 100, 3)]
    ends = [len(b"".join(texts[: n + 1])) for n in range(3)]
    size = data.draw(st.integers(0, ends[-1]))

    found, strings = cut(b"".join(texts)[:size], data.draw(st.integers(1, 50)))

    assert found == texts[: sum(end <= size for end in ends)]
    assert strings.inside == (size not in (0, *ends))
    assert not strings.broken


@pytest.mark.parametrize("tail", [b"x", b"12x:abc,", b":", b"1234567890123:", b"-1:x,", b"1\n"])
@pytest.mark.parametrize("size", [1, 4, 100])
def test_behind_a_length_that_is_none_nothing_is_read(tail: bytes, size: int) -> None:
    found, strings = cut(b"1:a," + tail + b"1:b,", size)

    assert found == [b"1:a,"]
    assert strings.broken


@given(st.binary(), st.integers(1, 20))
def test_nothing_makes_it_raise(data: bytes, size: int) -> None:
    cut(data, size)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_one_that_is_too_long_is_told_and_skipped(size: int) -> None:
    """None of it is held; the next one is found."""
    found, strings = cut(b"500:" + b"x" * 500 + b",1:a,", size, longest=100)

    assert found == [None, b"1:a,"]
    assert not strings.inside


def test_a_length_that_no_file_has_holds_nothing() -> None:
    _, strings = cut(b"999999999999:" + b"x" * 1000, 10)

    assert strings.inside
    assert len(b"".join(strings._held)) <= 13
