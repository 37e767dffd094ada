"""Bytes, cut anywhere."""

from collections.abc import Iterator

from hypothesis import strategies as st


def pieces(data: bytes, draw: st.DataObject) -> Iterator[bytes]:
    """The same bytes in pieces, some of them empty."""
    places = draw.draw(st.lists(st.integers(0, len(data)), max_size=8).map(sorted))
    for start, end in zip([0, *places], [*places, len(data)], strict=True):
        yield data[start:end]
