"""Lines of JSON are the same however they come by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.ndjson import Lines


def cut(body: bytes, places: list[int], limit: int = 1000) -> tuple[list[bytes], bytes]:
    lines, found = Lines(limit), []
    ends = sorted(p % (len(body) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        found += lines.feed(body[a:b])
    return found, lines.rest()


@pytest.mark.parametrize(
    ("body", "lines", "rest"),
    [
        (b"", [], b""),
        (b"{}\n", [b"{}"], b""),
        (b'{"a":1}\n{"b":2}', [b'{"a":1}'], b'{"b":2}'),
        (b'{"a":1}\r\n\r\n  \n{"b":2}\r\n', [b'{"a":1}', b'{"b":2}'], b""),
        (b"\n\n", [], b""),
    ],
)
def test_a_line_is_what_stands_between_line_feeds(body: bytes, lines: list[bytes], rest: bytes) -> None:
    """Carriage returns, blanks and empty lines are no part of them."""
    assert cut(body, []) == (lines, rest)


@given(
    st.lists(st.binary(max_size=9).map(lambda b: b.replace(b"\n", b"")), max_size=6),
    st.booleans(),
    st.lists(st.integers(0, 80), max_size=8),
)
def test_any_cutting_gives_the_same_lines(texts: list[bytes], ended: bool, places: list[int]) -> None:
    """Wherever the network cuts."""
    body = b"\n".join(texts) + (b"\n" if ended else b"")

    found, rest = cut(body, places)

    wanted = [line.strip() for line in body.split(b"\n")]
    assert found == [line for line in wanted[:-1] if line]
    assert rest == wanted[-1]


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_line_beyond_the_limit_is_dropped_and_the_next_is_read(places: list[int]) -> None:
    """Memory is bounded, whoever writes the lines."""
    assert cut(b"1234567890\n" + b"x" * 11 + b"\nabc\n" + b"y" * 11, places, limit=10) == (
        [b"1234567890", b"abc"],
        b"",
    )


def test_of_an_endless_line_nothing_is_kept() -> None:
    """Not even what would have fitted."""
    lines = Lines(limit=10)

    for _ in range(1000):
        assert lines.feed(b"zzzzz") == []

    assert lines.rest() == b""
    assert lines.feed(b"\nok\n") == [b"ok"]


def test_lines_that_were_too_long_are_counted() -> None:
    lines = Lines(limit=10)
    for piece in (b"x" * 11 + b"\n", b"y" * 6, b"y" * 6, b"\nabc\n" + b"z" * 11 + b"\nde\n"):
        lines.feed(piece)

    assert lines.dropped == 3


def test_what_nothing_has_ended_can_be_gone_on_with_as_it_came() -> None:
    """With its blanks; of a line that is too long nothing is there."""
    lines = Lines(limit=10)
    lines.feed(b"abc\n d")
    lines.feed(b"e ")
    assert (lines.unended, lines.kept) == (b" de ", 4)

    lines.feed(b"x" * 7)
    assert (lines.unended, lines.kept) == (None, 0)
    lines.feed(b"\n")
    assert (lines.unended, lines.kept) == (b"", 0)
