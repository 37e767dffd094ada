"""Chunked bodies are read as h11 reads them, however they are cut into chunks and reads."""

import h11
import pytest
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.engine.chunks import Chunks, whole

Body = tuple[bytes, bool, bytes]
"""What a reader made of a stream: the body, whether it ended, and what it left in the buffer."""


def read(reader: ChunkedReader, reads: list[bytes]) -> Body:
    """Read until the end, or until nothing comes any more. Raises h11.ProtocolError."""
    buffer, body = ReceiveBuffer(), b""
    for data in reads:
        buffer += data
        while (event := reader(buffer)) is not None:
            if isinstance(event, h11.EndOfMessage):
                return body, True, bytes(buffer)
            body += event.data
    return body, False, bytes(buffer)


def result(reader: ChunkedReader, reads: list[bytes]) -> Body | str:
    """The same, with the faults of what is no chunked body told apart from bodies."""
    try:
        return read(reader, reads)
    except h11.ProtocolError as error:
        return type(error).__name__


def cut(wire: bytes, places: list[int]) -> list[bytes]:
    ends = sorted(place % (len(wire) + 1) for place in places)
    return [wire[a:b] for a, b in zip([0, *ends], [*ends, len(wire)], strict=True)]


CHUNK = st.builds(
    lambda data, extension, zeros: b"%s%x%s\r\n%s\r\n" % (zeros, len(data), extension, data),
    st.binary(min_size=1, max_size=40),
    st.sampled_from([b"", b"", b"", b";a=b", b" "]),
    st.sampled_from([b"", b"", b"0", b"000000000"]),
)
SCRAP = st.sampled_from(
    [b"\r\n", b"\n", b"g\r\n", b"-1\r\n", b"5\r\nabcde", b"3\r\nabcd\r\n", b" 1\r\na\r\n"]
)
ENDS = st.sampled_from(
    [b"0\r\n\r\n", b"0\r\nX: 1\r\n\r\n", b"0\r\n\r\nHTTP/1.1 200 OK\r\n", b"00\r\n\r\n", b""]
)
WIRES = st.builds(lambda chunks, end: b"".join(chunks) + end, st.lists(CHUNK | SCRAP, max_size=8), ENDS)


@given(WIRES, st.lists(st.integers(0, 400), max_size=8))
@example(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", [8])  # the end of a chunk that h11 began comes alone
@example(b"3\r\nabcXX2\r\nde\r\n0\r\n\r\n", [8])
@example(b"3\r\nabc\r\n", [6])
def test_any_chunks_are_read_as_h11_reads_them(wire: bytes, places: list[int]) -> None:
    """The same body, the same end, the same bytes left over, the same refusals."""
    assert result(Chunks(), cut(wire, places)) == result(ChunkedReader(), cut(wire, places))


def test_chunks_that_came_together_are_one_piece() -> None:
    buffer = ReceiveBuffer()
    buffer += b"".join(b"5\r\nhello\r\n" for _ in range(300)) + b"5\r\nhal"

    assert Chunks()(buffer).data == b"hello" * 300
    assert bytes(buffer) == b"5\r\nhal"


@pytest.mark.parametrize("last", [b"0\r\n\r\n", b"2;x=1\r\nab\r\n", b"2\r\na", b"2\r\nabc\r\n", b""])
def test_only_plain_chunks_that_are_whole_are_taken(last: bytes) -> None:
    assert whole(b"3\r\nabc\r\n" + last, 0) == ([b"abc"], 8)


def test_trailers_are_kept_and_not_handed_out() -> None:
    """(mitmproxy raises where the end of a message carries any.)"""
    reader, buffer = Chunks(), ReceiveBuffer()
    buffer += b"0\r\nX-Sum: 1\r\nX-Sum: 2\r\n\r\n"

    assert not reader(buffer).headers
    assert reader.trailers is not None
    assert reader.trailers.get_all("x-sum") == ["1", "2"]
