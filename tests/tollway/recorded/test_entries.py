"""The entries of a HAR are found wherever they stand in it, however its bytes are cut."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.recorded.samples import entry, har, har_bytes
from tollway.recorded.entries import Entries


def cut(text: bytes, size: int, longest: int = 10**6) -> tuple[list[bytes | None], Entries]:
    """What is found in a text that is fed in pieces of so many bytes."""
    entries = Entries(longest)
    found = [one for at in range(0, len(text), size) for one in entries.feed(text[at : at + size])]
    return found, entries


@given(
    st.lists(
        st.dictionaries(st.text(max_size=6), st.text() | st.integers() | st.lists(st.text()), max_size=4)
    ),
    st.integers(1, 200),
    st.sampled_from([None, 2]),
)
def test_entries_are_the_same_however_the_file_is_cut(
    values: list[dict[str, Any]], size: int, indent: int | None
) -> None:
    text = har_bytes(*values, indent=indent)

    found, entries = cut(text, size)

    assert [json.loads(one) if one else None for one in found] == values
    assert (entries.begun, entries.ended, entries.inside) == (True, True, False)


def test_other_members_do_not_hide_the_entries() -> None:
    """Whatever they are called, and wherever they stand."""
    pages = [{"id": "p", "entries": [{"wrong": 1}], "title": 'a "log": {"entries": [{'}]
    text = json.dumps(
        {
            "entries": [{"wrong": 2}],
            "comment": "log",
            "a long name of no interest": {"log": {"entries": [{"wrong": 3}]}},
            "log": {
                "pages": pages,
                "browser": None,
                "n": -1.5e3,
                "entries": [{"right": 1}],
                "x": [{"wrong": 4}],
            },
        }
    ).encode()

    for size in (1, 7, 10_000):
        found, entries = cut(text, size)
        assert found == [b'{"right": 1}']
        assert entries.ended


def test_what_is_no_object_is_found_all_the_same() -> None:
    """So that the others keep their numbers."""
    text = b'{"log":{"entries":[null, 12 , "a]", [1,[2]], {"a":1},nonsense}, {"b":2}]}}'
    expected = [b"null", b"12", b'"a]"', b"[1,[2]]", b'{"a":1}', b"nonsense}", b'{"b":2}']

    assert {size: cut(text, size)[0] for size in range(1, 12)} == dict.fromkeys(range(1, 12), expected)


@pytest.mark.parametrize(
    ("text", "begun", "ended"),
    [
        (b"", False, False),
        (b'{"log": {"version": "1.2", "ent', False, False),
        (b'{"a": 1}', False, True),
        (b'{"log": {"entries": {"a": 1}}}', False, True),
        (b'{"log": {}, "entries": []}', False, True),
        (b'{"log": {"entries": [', True, False),
        (b'{"log": {"entries": []', True, True),
        (b"}", False, True),
        (b"{]", False, False),
    ],
)
def test_it_is_known_how_far_a_file_goes(text: bytes, begun: bool, ended: bool) -> None:
    found, entries = cut(text, 3)

    assert found == []
    assert (entries.begun, entries.ended, entries.inside) == (begun, ended, False)


@given(st.data())
def test_of_a_file_that_breaks_off_the_whole_entries_are_found(data: st.DataObject) -> None:
    values = [entry(number=n) for n in range(3)]
    text = json.dumps(har(*values)).encode()
    size = data.draw(st.integers(0, len(text)))
    whole = [text.index(json.dumps(value).encode()) + len(json.dumps(value)) for value in values]

    found, entries = cut(text[:size], data.draw(st.integers(1, 500)))

    assert len(found) == sum(end <= size for end in whole)
    assert entries.inside == any(
        start < size < end
        for start, end in ((end - len(json.dumps(v)), end) for end, v in zip(whole, values, strict=True))
    )


def test_an_entry_that_is_too_long_is_told_and_dropped() -> None:
    """The next ones are found."""
    text = har_bytes({"a": "x" * 500}, {"b": 1})

    for size in (1, 100, 10_000):
        found, entries = cut(text, size, longest=100)
        assert found == [None, b'{"b": 1}']
        assert entries.ended
