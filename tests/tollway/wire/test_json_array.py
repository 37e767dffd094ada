"""Objects come out of a streamed array as they complete, however it is cut."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.json_array import JsonArray

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(['"', "\\", '\\"{', "]}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)
PLACES = st.lists(st.integers(0, 400), max_size=8)


def fed(text: bytes, places: list[int], limit: int = 1 << 20) -> list[bytes]:
    ends = sorted(p % (len(text) + 1) for p in places)
    pieces = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    reader = JsonArray(limit)
    return [element for piece in pieces for element in reader.feed(piece)]


@given(st.lists(OBJECTS, max_size=4), PLACES, st.sampled_from([None, 1]), st.booleans())
def test_any_cutting_gives_the_elements(
    elements: list[Any], places: list[int], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(elements, indent=indent, ensure_ascii=ascii_only).encode()

    assert [json.loads(e) for e in fed(text, places)] == elements


@given(OBJECTS, PLACES)
def test_an_object_that_stands_alone_is_an_array_of_one(element: dict[str, Any], places: list[int]) -> None:
    assert [json.loads(e) for e in fed(b"\r\n" + json.dumps(element).encode(), places)] == [element]


@given(st.lists(OBJECTS, max_size=4), PLACES, st.integers(2, 30))
def test_only_elements_that_are_too_long_are_dropped(
    elements: list[Any], places: list[int], limit: int
) -> None:
    texts = [json.dumps(e).encode() for e in elements]

    assert fed(b"[" + b",".join(texts) + b"]", places, limit) == [t for t in texts if len(t) <= limit]


@given(st.binary(max_size=60), PLACES)
def test_bytes_that_are_no_json_do_no_harm(text: bytes, places: list[int]) -> None:
    assert fed(text, places) == fed(text, [])


@pytest.mark.parametrize("text", [b'[1, "{", null, {"a": 1}]', b'["\\"{", {"a": 1}]', b'}]{"a": 1}'])
def test_elements_that_are_no_objects_are_skipped(text: bytes) -> None:
    assert fed(text, list(range(len(text)))) == [b'{"a": 1}']


def test_an_element_that_never_ends_is_not_kept() -> None:
    reader = JsonArray(limit=100)
    reader.feed(b'[{"a": "')

    for _ in range(1000):
        assert reader.feed(b"x" * 100) == []

    assert reader.feed(b'"}, {"b": 2}') == [b'{"b": 2}']


def test_deep_nesting_is_only_counted() -> None:
    deep = b'{"a":' * 10_000 + b"1" + b"}" * 10_000

    assert fed(b"[" + deep + b"]", []) == [deep]
