"""The end of a value is found without parsing it, however its bytes are cut."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.recorded.nest import Nest

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(['"', "\\", '\\"', "{]"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def ends(text: bytes, size: int) -> int | None:
    """Where the value that `text` begins with ends, fed in pieces of so many bytes."""
    nest = Nest()
    nest.begin(text[0])
    for start in range(1, len(text), size):
        if (end := nest.end(text[start : start + size], 0)) is not None:
            return start + end
    return None


@given(st.lists(JSON, max_size=5) | st.text(), st.integers(1, 40), st.sampled_from([None, 1]))
def test_a_value_ends_where_it_ends(value: Any, size: int, indent: int | None) -> None:
    """And what follows, a bracket or a quote, does not belong to it."""
    text = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert ends(text + b'}]"{', size) == len(text)


@pytest.mark.parametrize("text", [b'{"a": "}', b'"a\\"', b"[[]", b'{"a\\\\\\"": [1, 2}', b'["\\'])
def test_a_value_that_is_not_whole_has_no_end(text: bytes) -> None:
    assert {ends(text, size) for size in range(1, 12)} == {None}


def test_one_follows_value_after_value() -> None:
    nest = Nest()
    text = b'"a}" {"b": "]"} [{}]'
    found = []
    for start in (0, 5, 16):
        nest.begin(text[start])
        found.append(nest.end(text, start + 1))

    assert found == [4, 15, 20]
