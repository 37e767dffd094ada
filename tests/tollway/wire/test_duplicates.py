"""Members that a JSON body names twice."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.duplicates import named_twice


@pytest.mark.parametrize(
    "body",
    [
        b'{"max_tokens": 64000, "messages": [], "max_tokens": 10}',
        b'{"a": {"max_tokens": 1, "max_tokens": 1}}',
        b'{"a": [{"b": [{"max_tokens": 1, "x": 2, "max_tokens": {}}]}]}',
        b'{"max_tokens": 1, "max_\\u0074okens": 2}',
    ],
    ids=["at the top", "inside", "deep inside", "escaped"],
)
def test_a_key_that_stands_twice_in_one_object_is_found(body: bytes) -> None:
    assert named_twice(body) == "max_tokens"


@pytest.mark.parametrize("body", [b"{}", b'{"a": {"b": 1}, "b": [{"a": 1}, {"a": 2}]}', b'["a", "a"]', b"1"])
def test_the_same_key_in_several_objects_is_none(body: bytes) -> None:
    assert named_twice(body) is None


@pytest.mark.parametrize(
    "body", [b"", b"{no json", b"\xff", b"[" * 100_000], ids=["", "none", "bytes", "deep"]
)
def test_of_what_can_not_be_read_nothing_is_known(body: bytes) -> None:
    assert named_twice(body) == ""


@given(
    st.recursive(
        st.integers(-(2**53), 2**53) | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    )
)
def test_what_was_written_from_objects_names_nothing_twice(value: Any) -> None:
    assert named_twice(orjson.dumps(value)) is None
