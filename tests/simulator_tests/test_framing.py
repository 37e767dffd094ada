"""Bodies are found in HTTP/1 bytes however these are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.framing import BodyReader, Chunked, Fixed, FramingError, UntilClosed, header


def fed(reader: BodyReader, data: bytes, cuts: list[int]) -> tuple[bytes, bool, bytes]:
    """Payload, whether it ended, and what is left in the buffer."""
    buffer, out, done = bytearray(), b"", False
    edges = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    for start, end in pairwise(edges):
        buffer += data[start:end]
        if not done:
            part, done = reader.take(buffer)
            out += part
    return out, done, bytes(buffer)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.lists(st.integers(0, 400)))
def test_chunks_survive_any_cut(parts: list[bytes], cuts: list[int]) -> None:
    data = b"".join(b"%X;ext=1\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nA: b\r\n\r\nrest"
    reader = Chunked()

    assert fed(reader, data, cuts) == (b"".join(parts), True, b"rest")
    assert reader.trailers == (("A", "b"),)


@given(st.binary(min_size=1), st.binary(), st.lists(st.integers(0, 200)))
def test_lengths_survive_any_cut(body: bytes, rest: bytes, cuts: list[int]) -> None:
    assert fed(Fixed(len(body)), body + rest, cuts) == (body, True, rest)


@given(st.binary(), st.lists(st.integers(0, 200)))
def test_without_framing_everything_is_the_body(body: bytes, cuts: list[int]) -> None:
    assert fed(UntilClosed(), body, cuts) == (body, False, b"")


@pytest.mark.parametrize("line", ["", ": x", " folded: x", "name : x", "no colon"])
def test_bad_header_lines_are_refused(line: str) -> None:
    with pytest.raises(FramingError):
        header(line)


def test_header_values_keep_their_inside() -> None:
    assert header("Name: \t a  b \t") == ("Name", "a  b")
