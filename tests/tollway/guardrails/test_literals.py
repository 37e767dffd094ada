"""The strings and long numbers of a JSON text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.escapes import decoded
from tollway.guardrails.literals import DEEPEST, Literal, What, literals

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-10, 10), st.text(max_size=8), st.floats(0, 9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def told(body: bytes) -> list[tuple[tuple[str | int, ...], str]]:
    return [(found.path, body[found.start : found.end].decode()) for found in literals(body)]


def strings(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """What should be found, from a parsed value."""
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, list):
        return [one for number, inner in enumerate(value) for one in strings(inner, (*path, number))]
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in [(path, key), *strings(inner, (*path, key))]]
    return []


def test_keys_stand_where_their_object_does_and_values_where_they_are() -> None:
    body = b'{"a": ["x", {"b\\"": "y"}, 12], "c": 4111111111111111, "d": {}, "e": [[], "z"]}'

    assert told(body) == [
        ((), "a"), (("a", 0), "x"), (("a", 1), 'b\\"'), (("a", 1, 'b\\"'), "y"),
        ((), "c"), (("c",), "4111111111111111"), ((), "d"), ((), "e"), (("e", 1), "z"),
    ]  # fmt: skip
    assert [found.what for found in literals(b'[{"1": "1"}, 123456789]')] == [
        What.KEY,
        What.STRING,
        What.NUMBER,
    ]


def test_a_text_that_is_one_string_has_no_path() -> None:
    assert list(literals(b' "ab" ')) == [Literal((), 2, 4, What.STRING)]


@given(JSON)
def test_every_string_is_found_at_its_place(value: Any) -> None:
    for compact in (None, (",", ":")):
        body = json.dumps(value, separators=compact, ensure_ascii=compact is None).encode()

        found = [(read(one.path), decoded(body[one.start : one.end])) for one in literals(body)]

        assert found == strings(value)


def read(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Keys as readers read them."""
    return tuple(key if isinstance(key, int) else decoded(key.encode()) for key in path)


@pytest.mark.parametrize("digits", ["1.123456789", "123456789.5", "1e123456789", "123456789e5", "12345678"])
def test_a_number_that_is_no_whole_one_or_short_is_none(digits: str) -> None:
    assert told(f"[{digits}]".encode()) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"a": "b"', "cut off"),
        (b'["a"}', "byte 4 closes"),
        (b'"a"]', "byte 3 closes"),
        (b"[" * (DEEPEST + 1), "nested deeper"),
    ],
)
def test_what_does_not_fit_together_is_an_error(body: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(literals(body))


@given(st.text(st.sampled_from('{}[],:"\\a1 '), max_size=30))
def test_any_text_is_found_in_or_an_error(text: str) -> None:
    try:
        found = list(literals(text.encode()))
    except ValueError:
        return
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
