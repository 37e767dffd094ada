"""A message changes where it is to, and nowhere else."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.answers.json_message import at, dumped, edited, instead, loaded, swapped
from tollway.guardrails.answers.said import Path


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a":"\\ud83d"}', {"a": "\ud83d"}),
        (b'{"a":"x\ty"}', {"a": "x\ty"}),
        (b'{"a":"\xff"}', {"a": "\udcff"}),
        (b'{"a":NaN', None),
        (b"[1]", None),
        (b"[DONE]", None),
        (b'{"a":' * 100_000, None),
    ],
)
def test_any_object_that_a_reader_takes_is_taken(data: bytes, message: dict[str, Any] | None) -> None:
    """Lenient ones take more than strict ones."""
    assert loaded(data) == message


def test_any_text_can_be_written() -> None:
    """Half of a surrogate pair as an escape, which the other half may follow."""
    assert dumped({"a": "ä"}) == '{"a":"ä"}'.encode()
    assert dumped({"a": "\ud83d"}) == b'{"a":"\\ud83d"}'


def test_depth_costs_no_stack() -> None:
    """A text is changed where readers find it; what no writer takes is left out."""
    path: Path = ("a",) * 1000
    data = b'{"a":' * 1000 + b'"x"' + b"}" * 1000

    assert edited(data, loaded(data) or {}, {path: "y"}) == data.replace(b"x", b"y")
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    assert dumped(deep) == b"{}"


@pytest.mark.parametrize(
    ("path", "value"),
    [((), {"a": [1]}), (("a", 0), 1), (("a", 1), None), (("a", "b"), None), (("c", 0), None)],
)
def test_a_value_is_found_by_its_path(path: Path, value: object) -> None:
    """None where nothing is."""
    assert at({"a": [1]}, path) == value


@pytest.mark.parametrize(
    ("data", "values", "expected"),
    [
        (b'{ "a" : "x" , "b" : 1.0 }', {("a",): "y"}, b'{ "a" : "y" , "b" : 1.0 }'),
        (b'{"a":[{"b":"x"}, {"b":"y"}]}', {("a", 1, "b"): "ä\n"}, '{"a":[{"b":"x"}, {"b":"ä\\n"}]}'.encode()),
        (b'{"a":"x","b":{"c":[1]}}', {("b", "c"): None, ("a",): ""}, b'{"a":"","b":{"c":null}}'),
        (b'{"a":"x","a":"y"}', {("a",): "z"}, b'{"a":"z","a":"z"}'),
        (b'{"\\u0061": "x", "b": 1}', {("a",): "z"}, b'{"\\u0061": "z", "b": 1}'),
        (b'{"a":"x"}', {("a",): "\ud83d"}, b'{"a":"\\ud83d"}'),
    ],
)
def test_only_what_changes_is_written_anew(data: bytes, values: dict[Path, object], expected: bytes) -> None:
    """Every other byte stays as it was, whatever is written around it."""
    assert edited(data, loaded(data) or {}, values) == expected


@pytest.mark.parametrize(
    ("data", "values", "expected"),
    [
        (b'{"a":"x","b":"x","n":NaN}', {("a",): "y"}, b'{"a":"y","b":"x","n":null}'),
        (b'{"a":{"b":[1,"x"]}}', {("a", "c"): 1, ("a", "b", 1): "y"}, b'{"a":{"b":[1,"y"],"c":1}}'),
    ],
)
def test_what_has_no_place_among_the_bytes_is_written_all_the_same(
    data: bytes, values: dict[Path, object], expected: bytes
) -> None:
    """As a whole message: what a filter says counts."""
    assert edited(data, loaded(data) or {}, values) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def paths(value: object, path: Path = ()) -> list[Path]:
    """Of all strings in a value."""
    if isinstance(value, str):
        return [path]
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, inner in inside for found in paths(inner, (*path, step))]


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.data(), st.sampled_from([None, 1]))
def test_a_changed_message_says_what_it_is_to(
    message: dict[str, Any], data: st.DataObject, indent: int
) -> None:
    """And the same with the old values is the message as it was, to the byte."""
    body = json.dumps(message, indent=indent).encode()
    found = paths(message)
    chosen = data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []
    new: dict[Path, object] = {path: data.draw(st.text(max_size=4)) for path in chosen}

    if chosen:
        there = edited(body, message, new)
        changed = orjson.loads(there)

        assert all(at(changed, path) == text for path, text in new.items())
        old: dict[Path, object] = {path: at(message, path) for path in chosen}
        assert orjson.loads(edited(there, changed, old)) == message


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b'{"a":"x","b":"x"}', ("a",)),
        (b'{"a":"x","x":1}', ("a",)),
        (b'{"a":"y","a":"x"}', ("a",)),
        (b'{"b":{"a":"y"},"b":{"a":"x"}}', ("b", "a")),
        (b'{"a":"b","b":":"}', ("b",)),
        (b'{"c":["a", ", "]}', ("c", 1)),
        (b'{"a":"\\u0078","b":"x"}', ("a",)),
        (b'{"a":"\\/","b":"/"}', ("a",)),
        (b'{"a":1}', ("a",)),
        (b'{"a":"\xff"}', ("a",)),
    ],
)
def test_where_a_look_is_not_enough_it_is_known(data: bytes, path: Path) -> None:
    """The same text elsewhere, a key that is there twice, what stands between texts, other ways to write."""
    assert swapped(data, loaded(data) or {}, path, "new") is None


ODD = st.sampled_from(
    ['"', ",", ":", ", ", ": ", "}", "{", "[", "]", "\\", "/", "", "a", "\n", "é", "\x7f", '","']
)


@given(
    st.dictionaries(ODD, st.lists(ODD, max_size=3) | ODD, min_size=1, max_size=4), st.booleans(), st.data()
)
def test_a_look_changes_the_text_and_no_other(
    message: dict[str, Any], spaced: bool, data: st.DataObject
) -> None:
    """Of texts that look like what stands between them, too."""
    body = orjson.dumps(message) if not spaced else json.dumps(message, ensure_ascii=False).encode()
    found = paths(message)
    if not found:
        return
    path, new = data.draw(st.sampled_from(found)), data.draw(ODD)
    by_look = swapped(body, message, path, new)

    if by_look is not None:
        owner: Any = at(message, path[:-1])
        owner[path[-1]] = new
        assert orjson.loads(by_look) == message
        assert len(by_look) - len(body) == len(dumped(new)) - len(dumped(at(orjson.loads(body), path)))


def test_where_a_number_was_a_number_is() -> None:
    assert [instead({"a": ["x", 12]}, ("a", n), "new") for n in (0, 1)] == ["new", 0]
