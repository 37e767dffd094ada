"""Codings are undone however the bytes are cut, and never beyond the limit."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.coding import decode, decoder


def raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-Gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "gzip, br": lambda b: brotli.compress(gzip.compress(b)),
    "zstd,identity, gzip": lambda b: gzip.compress(zstandard.compress(b)),
}
CODED = [name for name in CODERS if name.strip() not in ("", "identity")]
BODIES = st.binary(max_size=300) | st.builds(lambda b, n: b * n, st.binary(max_size=9), st.integers(0, 9000))


def pieces(body: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(p % (len(body) + 1) for p in places)
    return [body[a:b] for a, b in zip([0, *ends], [*ends, len(body)], strict=True)]


@given(st.sampled_from(list(CODERS)), BODIES, st.lists(st.integers(0, 10**6), max_size=8))
def test_any_cutting_gives_the_body(coding: str, body: bytes, places: list[int]) -> None:
    decoding = decoder(coding, 10**6)

    assert decoding is not None
    assert b"".join(decoding.feed(p) for p in pieces(CODERS[coding](body), places)) == body
    assert (decoding.broken, decoding.exceeded) == (False, False)


@given(st.sampled_from(CODED), st.binary(max_size=200), st.lists(st.integers(0, 300), max_size=4))
def test_bytes_that_are_not_coded_as_they_claim_break_nothing_but_the_decoder(
    coding: str, body: bytes, places: list[int]
) -> None:
    decoding = decoder(coding, 10**5)

    assert decoding is not None
    assert sum(len(decoding.feed(p)) for p in pieces(body, places)) <= 10**5


@pytest.mark.parametrize("coding", CODED)
def test_a_broken_body_is_said_to_be(coding: str) -> None:
    decoding = decoder(coding, 1000)
    assert decoding is not None

    assert decoding.feed(b"\xfe\xfd nothing of the kind") == b""
    assert decoding.broken
    assert decoding.feed(CODERS[coding](b"x")) == b""
    assert decode(b"\xfe\xfd nothing of the kind", coding, 1000) is None


@given(st.sampled_from(list(CODERS)), st.integers(0, 200), st.integers(0, 200))
def test_no_more_than_the_limit_comes_out(coding: str, size: int, limit: int) -> None:
    body = b"\n" * size
    coded = CODERS[coding](body)
    stacked = len(gzip.compress(body)) + 300 if "," in coding else 0  # what lies between is bounded, too

    assert decode(coded, coding, limit + stacked) == (body if size <= limit + stacked else None)


@pytest.mark.parametrize("coding", CODED)
def test_a_bomb_costs_no_more_than_the_limit(coding: str) -> None:
    bomb = CODERS[coding](bytes(20_000_000))
    decoding = decoder(coding, 1_000_000)
    assert decoding is not None

    made = [len(piece) for piece in decoding.pieces(bomb)]

    assert decoding.exceeded
    assert sum(made) <= 1_000_000
    assert decoding.feed(b"more") == b""


@pytest.mark.parametrize("coding", CODED)
def test_pieces_are_bounded(coding: str) -> None:
    bomb = CODERS[coding](bytes(20_000_000))
    decoding = decoder(coding, 10**9)
    assert decoding is not None

    made = [len(piece) for piece in decoding.pieces(bomb)]

    assert sum(made) == 20_000_000
    assert max(made) <= 8 * 1024 * 1024


def test_what_lies_between_two_codings_is_bounded_too() -> None:
    bomb = gzip.compress(gzip.compress(b"x") + bytes(1_000_000))

    assert decode(bomb, "gzip, gzip", 1000) is None
    assert decode(bomb, "gzip, gzip", 2_000_000) == b"x"


def test_identity_is_bounded_too() -> None:
    decoding = decoder("", 10)
    assert decoding is not None

    assert list(decoding.pieces(b"12345")) == [b"12345"]
    assert decoding.feed(b"678901") == b""
    assert decoding.exceeded


@pytest.mark.parametrize("chunk", [1, 5, 1000])
def test_several_members_are_one_body(chunk: int) -> None:
    bodies = {
        "gzip": gzip.compress(b"one ") + gzip.compress(b"two ") + gzip.compress(b"three"),
        "zstd": zstandard.compress(b"one ")
        + b"\x50\x2a\x4d\x18\x02\0\0\0.."  # a frame to skip
        + zstandard.compress(b"two three"),
    }
    for coding, body in bodies.items():
        decoding = decoder(coding, 1000)
        assert decoding is not None
        parts = [decoding.feed(body[i : i + chunk]) for i in range(0, len(body), chunk)]
        assert b"".join(parts) == b"one two three"
        assert not decoding.broken


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_what_follows_the_end_is_ignored(coding: str) -> None:
    decoding = decoder(coding, 1000)
    assert decoding is not None

    assert decoding.feed(CODERS[coding](b"whole")) == b"whole"
    assert decoding.feed(b"\0\0 padding") == b""
    assert decoding.feed(b"more") == b""
    assert not decoding.broken


@pytest.mark.parametrize("coding", CODED)
def test_a_body_that_is_cut_off_decodes_to_what_is_there(coding: str) -> None:
    coded = CODERS[coding](b"abc" * 1000)

    decoded = decode(coded[:-1], coding, 10_000)

    assert decoded is not None
    assert (b"abc" * 1000).startswith(decoded)


@pytest.mark.parametrize("coding", ["compress", "gzip, aws-chunked", "gzip;q=1", ", ".join(["gzip"] * 5)])
def test_a_coding_that_is_unknown_here_has_no_decoder(coding: str) -> None:
    assert decoder(coding, 1000) is None
    assert decode(b"", coding, 1000) is None


def test_a_window_that_no_web_content_needs_is_not_allocated() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()

    assert decode(compressor.compress(b"x") + compressor.flush(), "zstd", 1000) is None
