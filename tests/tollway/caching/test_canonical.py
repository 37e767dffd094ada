"""One form for all ways to write a JSON object, and none where readers may differ."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.caching.canonical import NO_JSON, NUMBERS, TWICE, canonical

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ['"', "\\", '\\"', "\\u0022", ":1.0,"]
)
FIGURES = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False, width=32)
VALUES = st.recursive(
    st.none() | st.booleans() | FIGURES | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=5)


class Written:
    """Writes a value in some way that JSON allows."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def value(self, value: Any) -> str:
        if isinstance(value, dict):
            pairs = self._draw(st.permutations(list(value.items())))
            return self._joined("{}", [f"{self.text(k)}{self._gap()}:{self.value(v)}" for k, v in pairs])
        if isinstance(value, list):
            return self._joined("[]", [self.value(each) for each in value])
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int) and not isinstance(value, bool) and self._draw(st.booleans()):
            return f"{self._gap()}{value}{self._draw(st.sampled_from(['.0', 'e0', '.00E+0']))}"
        return self._gap() + json.dumps(value) + self._gap()

    def text(self, text: str) -> str:
        spelled = [
            "".join(f"\\u{unit:04x}" for unit in units(char))
            if self._draw(st.booleans())
            else json.dumps(char)[1:-1]
            for char in text
        ]
        return self._gap() + '"' + "".join(spelled) + '"'

    def _joined(self, ends: str, parts: list[str]) -> str:
        return self._gap() + ends[0] + ",".join(parts) + self._gap() + ends[1]

    def _gap(self) -> str:
        return str(self._draw(st.sampled_from(["", "", " ", "\n\t"])))


def units(char: str) -> list[int]:
    """A character in UTF-16."""
    coded = char.encode("utf-16-be")
    return [int.from_bytes(coded[i : i + 2]) for i in range(0, len(coded), 2)]


@st.composite
def written_twice(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The same object in two ways."""
    value = draw(OBJECTS)
    one, other = (Written(draw).value(value).encode() for _ in range(2))
    return one, other


@given(written_twice())
def test_in_whatever_way_it_is_written_the_form_is_the_same(pair: tuple[bytes, bytes]) -> None:
    one, other = map(canonical, pair)

    assert isinstance(one, bytes)
    assert one == other


def plain(value: Any) -> Any:
    """A value that equals another if JSON's readers take both for the same: true is not 1."""
    if isinstance(value, dict):
        return ("o", frozenset((key, plain(each)) for key, each in value.items()))
    if isinstance(value, list):
        return ("l", tuple(map(plain, value)))
    return (isinstance(value, bool), value)


@given(OBJECTS, OBJECTS)
@example({"a": 1}, {"a": True})
@example({"a": ":1.0,"}, {"a": ":1,"})
@example({"a": "é"}, {"a": "e\u0301"})
@example({"a": None}, {})
@example({"a": 1}, {"a": "1"})
def test_other_objects_have_other_forms(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (canonical(json.dumps(each).encode()) for each in (one, other))

    assert (first == second) is (plain(one) == plain(other))


@given(OBJECTS, st.data())
def test_a_member_that_stands_twice_has_no_form(value: dict[str, Any], data: st.DataObject) -> None:
    """However its name is spelled, wherever the object is, whatever quotes its texts have or spell out."""
    name = data.draw(TEXTS)
    text = Written(data.draw).text
    extra = Written(data.draw).value(data.draw(VALUES))
    body = f'{{"a":[{{{text(name)}:{extra},{text(name)}:{extra}}}],"rest":{Written(data.draw).value(value)}}}'

    assert canonical(body.encode()) == TWICE


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", NO_JSON),
        (b"[1]", NO_JSON),
        (b'"a"', NO_JSON),
        (b'{"a":1}x', NO_JSON),
        (b'{"a":NaN}', NO_JSON),
        (b'{"a":Infinity}', NO_JSON),
        (b'{"a":"\xff"}', NO_JSON),
        (b'{"a":"\\ud800"}', NO_JSON),
        (b'\xef\xbb\xbf{"a":1}', NO_JSON),
        (b"[" * 100_000, NO_JSON),
        (b'{"a":' * 300 + b"1" + b"}" * 300, NUMBERS),
        (b'{"a":1e999}', NUMBERS),
        (b'{"a":-1e999}', NUMBERS),
        (b'{"a":1e-999}', NUMBERS),
        (b'{"a":123456789012345678901}', NUMBERS),
        (b'{"a":9007199254740993.0}', NUMBERS),
        (b'{"a":0.1000000000000000055}', NUMBERS),
        (b'{"a":1.00000000000000000000000000000000000000000}', NUMBERS),
    ],
)
def test_what_readers_may_differ_in_has_none(body: bytes, why: str) -> None:
    assert canonical(body) == why


def test_whole_numbers_beyond_readers_precision_are_told_apart() -> None:
    forms = {canonical(b'{"seed":%d}' % number) for number in (2**63, 2**63 + 1, 2**64 - 1)}

    assert len(forms) == 3


@pytest.mark.parametrize(
    ("members", "paths", "left"),
    [
        ({"a": 1, "b": 2}, [("a",)], {"b": 2}),
        ({"a": {"x": 1, "y": 2}}, [("a", "x")], {"a": {"y": 2}}),
        ({"a": [{"x": 1}, [{"x": 2, "y": 3}], 4]}, [("a", "x")], {"a": [{}, [{"y": 3}], 4]}),
        ({"a": 1}, [("a", "x"), ("b",), ("b", "c")], {"a": 1}),
        ({"a.b": 1}, [("a", "b")], {"a.b": 1}),
    ],
)
def test_members_are_left_out(members: Mapping[str, Any], paths: list[tuple[str, ...]], left: Any) -> None:
    assert canonical(json.dumps(members).encode(), paths) == json.dumps(left, separators=(",", ":")).encode()


def test_what_is_left_out_is_looked_at_all_the_same() -> None:
    """Else one could have a body taken for another one's by what doesn't count."""
    assert canonical(b'{"a":{"x":1,"x":2},"b":1}', [("a",)]) == TWICE
    assert canonical(b'{"a":"\\"","b":1}', [("a",)]) == b'{"b":1}'
    assert canonical(b'{"a":1e999}', [("a",)]) == NUMBERS


def test_lists_within_lists_are_gone_through_as_deep_as_that_goes() -> None:
    assert canonical(b'{"a":' + b"[" * 900 + b"]" * 900 + b"}", [("a", "x")]) == NUMBERS
