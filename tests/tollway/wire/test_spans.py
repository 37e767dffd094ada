"""Where the parts of JSON are, by a parser."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.wire.spans import element_spans, member_spans

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LAYOUTS = st.sampled_from([None, 1, "\t", "\n  "])
SIGNS = st.sampled_from([*'{}[]",:\\ ', "a", "1", '"a"', '"b": ', "\\u0061", "é", "\n"])


@given(st.dictionaries(st.text(), VALUES, min_size=1, max_size=5), LAYOUTS, st.booleans())
def test_the_members_of_an_object_are_where_its_text_has_them(
    value: dict[str, Any], indent: Any, ascii: bool
) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=ascii).encode("utf-8", "surrogatepass")

    spans = member_spans(body)

    if spans is None:  # a key has an escape
        assert "\\" in "".join(json.dumps(key, ensure_ascii=ascii) for key in value)
        return
    assert [(key, json.loads(body[at:end])) for key, _, at, end in spans] == [*value.items()]
    assert all(body[start:].startswith(b'"') for _, start, _, _ in spans)


@given(st.lists(VALUES, max_size=6), LAYOUTS)
def test_the_elements_of_an_array_are_where_its_text_has_them(value: list[Any], indent: Any) -> None:
    body = json.dumps(value, indent=indent).encode()

    spans = element_spans(body)

    assert spans is not None
    assert [json.loads(body[start:end]) for start, end in spans] == value


@given(st.lists(SIGNS).map("".join))
def test_what_it_takes_for_json_is_json(text: str) -> None:
    """And all of it, but for commas, brackets and keys, is in a value."""
    body = text.encode()

    spans = member_spans(body)

    if spans:
        pairs = json.loads(body, object_pairs_hook=list)
        assert [(key, json.loads(body[at:end], object_pairs_hook=list)) for key, _, at, end in spans] == pairs


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[1]", b'"a"', b"{}", b'{"a": 1', b'{"a": 1}x', b'{"a": 01}', b'{"a": 1, "a": 2}',
        b'{"a": 1, "a": 1}', b'{"a": 1, "b": 2, "a": 1}', b'{"\\u0061": 1}', b'{"a": "\x01"}',
        b'{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", b'{"a\xff": 1}',
    ],
)  # fmt: skip
def test_what_is_left_to_others(body: bytes) -> None:
    """No object, an empty one, a key twice or with an escape, what this parser does not take."""
    assert member_spans(body) is None


@pytest.mark.parametrize("body", [b"", b"{}", b"[1", b"[1]x", b"[01]", b"[" * 5_000 + b"]" * 5_000])
def test_what_is_no_array_is_left_to_others_too(body: bytes) -> None:
    assert element_spans(body) is None
