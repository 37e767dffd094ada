"""An answer that is kept: what its client gets, decoded, within bounds."""

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.kept_answer import KeptAnswer
from tollway.texts.store import TOO_LARGE, UNREADABLE
from tollway.wire.coding import decoder

TEXT = b'{"said": "one two three"}'


def kept(chunks: list[bytes], coding: str = "", largest: int = 1000) -> KeptAnswer:
    found = KeptAnswer(decoder(coding, largest), "application/json")
    for chunk in chunks:
        found.feed(chunk)
    return found


@given(
    st.lists(st.integers(0, len(gzip.compress(TEXT))), max_size=5).map(sorted), st.sampled_from(["", "gzip"])
)
def test_however_it_is_cut_it_is_the_same(cuts: list[int], coding: str) -> None:
    body = gzip.compress(TEXT) if coding else TEXT
    ends = [0, *cuts, len(body)]
    chunks = [body[start:end] for start, end in pairwise(ends)]

    found = kept(chunks, coding)

    assert found.ended() == (TEXT, None)
    assert (found.size, found.media_type) == (len(TEXT), "application/json")


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_of_one_that_is_too_large_nothing_is_kept(coding: str) -> None:
    body = gzip.compress(bytes(100_000)) if coding else bytes(100_000)

    found = kept([body[:50], body[50:]], coding, largest=1000)

    assert found.ended() == (None, TOO_LARGE)


def test_one_as_long_as_it_may_be_is_kept() -> None:
    assert kept([TEXT], largest=len(TEXT)).ended() == (TEXT, None)
    assert kept([TEXT], largest=len(TEXT) - 1).ended() == (None, TOO_LARGE)


@pytest.mark.parametrize(("coding", "body"), [("snappy", b"abc"), ("gzip", b"no gzip at all")])
def test_what_nothing_decodes_is_not_kept_and_its_size_is_that_of_its_bytes(coding: str, body: bytes) -> None:
    found = kept([body, body], coding)

    assert found.ended() == (None, UNREADABLE)


def test_of_one_that_breaks_off_there_is_what_came() -> None:
    body = zlib.compress(TEXT * 20)

    (found, why) = kept([body[: len(body) - 4]], "deflate").ended()

    assert why is None
    assert found
    assert (TEXT * 20).startswith(found)


def test_what_is_not_to_be_kept_is_taken_out_of_what_is_decoded() -> None:
    """Of an answer in one piece it is known at its end, which is told once."""
    held = list[bytes]()

    def without(piece: bytes) -> bytes:
        held.append(piece)
        return b"" if piece else b"".join(held).replace(b"two", b"X")

    found = KeptAnswer(decoder("gzip", 1000), "application/json")
    found.without = without
    for chunk in (gzip.compress(TEXT)[:5], gzip.compress(TEXT)[5:], b""):
        found.feed(chunk)

    assert found.ended() == (TEXT.replace(b"two", b"X"), None)
    assert held.count(b"") == 1


def test_where_that_fails_nothing_is_kept() -> None:
    """It never raises: the answer goes on."""

    def without(piece: bytes) -> bytes:
        raise ValueError("too long to be looked through")

    found = KeptAnswer(decoder("", 1000), "application/json")
    found.without = without
    found.feed(TEXT[:9])
    found.feed(TEXT[9:])

    assert found.ended() == (None, UNREADABLE)
