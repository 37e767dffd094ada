"""A message is opened as far as it is looked at, and says what it is whoever reads it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.sockets.frames import JSON
from tollway.sockets.message import UNTOLD, inside, metadata, opened, read, types, value, word


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"3", b'"text"', b"{", b'{"a":}', b"\xff\xfe", b"\0" * 100, b'{"a":' * 200_000],
    ids=["empty", "array", "number", "string", "cut", "no value", "no UTF-8", "zeros", "deep"],
)
def test_what_is_no_object_is_not_opened(content: bytes) -> None:
    assert opened(content) is None


@pytest.mark.parametrize(
    "other",
    [b'"\xff"', b'"\\ud800"', b"[" * 5000 + b"]" * 5000],
    ids=["no UTF-8", "half a pair", "deep"],
)
def test_what_some_parsers_refuse_is_opened_all_the_same(other: bytes) -> None:
    """Else who sends it would get by unseen, wherever the provider takes it."""
    found = opened(b'{"type":"response.create","x":%s}' % other)

    assert found is not None
    assert (word(found, "type"), value(found, "x")) == ("response.create", None)


def test_members_are_read_one_by_one() -> None:
    found = opened(b'{"type": "a", "n": [1, {"x": 2}], "deep": {"down": {"x": "y"}}}')

    assert found is not None
    assert (value(found, "n"), value(found, "none")) == ([1, {"x": 2}], None)
    assert word(inside(found, "deep", "down"), "x") == "y"
    assert read(found) == {"type": "a", "n": [1, {"x": 2}], "deep": {"down": {"x": "y"}}}


@pytest.mark.parametrize("keys", [("none",), ("type", "x"), ("deep", "type"), ("list",)], ids=str)
def test_what_is_no_object_has_no_members(keys: tuple[str, ...]) -> None:
    found = opened(b'{"type": "a", "deep": {"type": null}, "list": [1]}')

    assert found is not None
    assert inside(found, *keys) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b'"ab"', "ab"),
        (b'"abcdef"', "abcde"),
        (b'""', None),
        (b"1", None),
        (b'"\\ud800"', None),
        (b"null", None),
    ],
    ids=["whole", "cut", "empty", "number", "half a pair", "null"],
)
def test_a_word_is_a_string_that_says_something(said: bytes, expected: str | None) -> None:
    found = opened(b'{"x":%s}' % said)

    assert found is not None
    assert word(found, "x", 5) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [({"a": "b"}, {"a": "b"}), ({}, None), (None, None), ({"a": "b" * 20_000}, None)],
    ids=["some", "empty", "null", "too many"],
)
def test_metadata_are_those_that_a_provider_takes(said: object, expected: object) -> None:
    found = opened(json.dumps({"metadata": said}).encode())

    assert found is not None
    assert metadata(found) == expected
    assert metadata({}) is None


def test_a_value_that_can_not_be_read_is_none() -> None:
    """Parsers differ in what they take."""
    assert value({"x": msgspec.Raw(b"[" * 2000 + b"]" * 2000)}, "x") is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"type":"a"}', {"a"}),
        (b'{"type":"a","item":{"type":"b"}}', {"a"}),
        (b'{"item":{"type":"b"},"type":"a"}', {"a"}),
        (b'{"type":"a","type":"b"}', {"a", "b"}),
        (b'{"type":"b","t\\u0079pe":"a"}', {"a", "b"}),
        (b'{"type":"\\u0061"}', {"a"}),
        (b'{"type":"a","type":5}', {"a", UNTOLD}),
        (b'{"text":"\\"type\\":\\"b\\", \\u00e9"}', {UNTOLD}),
        (b"{}", {UNTOLD}),
        (b'{"type":7}', {UNTOLD}),
    ],
    ids=lambda v: v.decode() if isinstance(v, bytes) else "",
)
def test_a_message_is_of_each_type_that_it_names(content: bytes, expected: set[str]) -> None:
    found = opened(content)

    assert found is not None
    assert types(content, found) == expected


def test_members_that_can_not_be_told_apart_may_be_anything() -> None:
    """One parser takes the message, the other, which finds what is named twice, does not."""
    content = b'{"type":"a","type":"a","x":' + b"[" * 500 + b"]" * 500 + b"}"
    found = {"type": msgspec.Raw(b'"a"')}

    assert types(content[:-1], found) == {"a", UNTOLD}


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_every_object_is_opened(said: dict[str, Any]) -> None:
    content = json.dumps(said).encode()

    found = opened(content)

    assert found is not None
    assert read(found) == said
