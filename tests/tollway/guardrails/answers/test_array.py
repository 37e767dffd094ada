"""A streamed array is cut without losing a byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.answers.filtering import cut
from tollway.guardrails.answers.array import Array
from tollway.guardrails.answers.unit import Unit


def units(body: bytes, places: list[int], limit: int = 1000) -> list[Unit]:
    array = Array(limit)
    found = [unit for piece in cut(body, places) for unit in array.feed(piece)]
    return [*found, array.rest()]


ELEMENT = st.sampled_from([b"{}", b'{"a":"}"}', b'{ "a": ["]", {}] }', b'{"\\"":"\\\\"}'])


@given(
    st.lists(ELEMENT, max_size=5),
    st.sampled_from([b",", b",\r\n", b" , "]),
    st.lists(st.integers(0, 99), max_size=8),
    st.integers(0, 9),
)
def test_no_byte_is_lost_and_cutting_changes_no_element(
    elements: list[bytes], between: bytes, places: list[int], lost: int
) -> None:
    """Whole arrays, and such as break off."""
    body = b" [" + between.join(elements) + b"\n]\n"
    found = units(body, places)

    assert b"".join(unit.raw for unit in found) == body
    assert [unit.data for unit in found if unit.data] == elements
    assert [unit.raw[0] == ord("]") or b"]" in unit.raw for unit in found if unit.ends] == [True]
    assert all(unit.holding(unit.data) == unit.raw for unit in found if unit.data)
    broken = body[: len(body) - lost]
    assert b"".join(unit.raw for unit in units(broken, places)) == broken


@pytest.mark.parametrize("places", [[], [1], [*range(30)]])
def test_an_object_alone_is_one_message(places: list[int]) -> None:
    """An answer that is no stream, or an error in the place of one."""
    found = units(b'\n{"error": [{}]} ', places)

    assert [unit.data for unit in found] == [b'\n{"error": [{}]} ']


def test_elements_and_what_is_between_them_go_on_at_once() -> None:
    """Only an element that is not whole waits."""
    array = Array()

    assert [unit.raw for unit in array.feed(b"[{}")] == [b"[{}"]
    assert [unit.raw for unit in array.feed(b",\r\n")] == [b",\r\n"]
    assert array.feed(b'{"a"') == []
    assert [unit.raw for unit in array.feed(b":1}")] == [b'{"a":1}']
    assert [(unit.raw, unit.ends) for unit in array.feed(b"]\n")] == [(b"]\n", True)]


def test_what_is_longer_than_anyone_reads_passes_unread() -> None:
    """So that memory is bounded; what comes behind it is read."""
    body = b'[{"a":1},{"b":"0123456789"},{"c":3}]'

    for places in ([], [*range(len(body))]):
        found = units(body, places, limit=9)

        assert b"".join(unit.raw for unit in found) == body
        assert [unit.data for unit in found if unit.data] == [b'{"a":1}', b'{"c":3}']


def test_one_more_element_stands_behind_a_comma() -> None:
    """And behind an object that is no array nothing can."""
    array, alone = Array(), Array()
    array.feed(b"[{}")
    alone.feed(b"{}")

    assert array.write({"a": 1}) == b',\r\n{"a":1}'
    assert array.close() == b"\n]\n"
    assert (alone.write({"a": 1}), alone.close()) == (b"", b"")
