"""Lines are cut without losing a byte."""

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.answers.filtering import cut
from tollway.guardrails.answers.lines import Lines
from tollway.guardrails.answers.unit import Unit


def units(body: bytes, places: list[int]) -> list[Unit]:
    lines = Lines()
    found = [unit for piece in cut(body, places) for unit in lines.feed(piece)]
    return [*found, lines.rest()]


@given(
    st.lists(st.sampled_from([b"{}", b"\n", b" \r\n", b'{"a":1}', b"\r"]), max_size=8).map(b"".join),
    st.lists(st.integers(0, 50), max_size=6),
)
def test_no_byte_is_lost_and_cutting_changes_no_line(body: bytes, places: list[int]) -> None:
    """Each line that says something is a message, with its blanks around it."""
    found = units(body, places)

    assert b"".join(unit.raw for unit in found) == body
    assert [u.data for u in found if u.data] == [line.strip() for line in body.split(b"\n") if line.strip()]
    assert all(unit.holding(unit.data) == unit.raw for unit in found[:-1])


def test_a_last_line_that_changes_is_finished() -> None:
    """So that another one may follow it."""
    lines = Lines()
    lines.feed(b'{"a":1}')

    assert lines.rest().holding(b"{}") == b"{}\n"
    assert lines.write({"b": 2}) == b'{"b":2}\n'
    assert lines.close() == b""


def test_what_is_longer_than_anyone_reads_passes_unread() -> None:
    """So that memory is bounded."""
    lines = Lines(limit=5)

    assert [unit.raw for unit in lines.feed(b"0123456789")] == [b"0123456789"]
    assert [unit.data for unit in lines.feed(b"\n{}\n")] == [b"", b"{}"]
