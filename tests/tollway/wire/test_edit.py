"""An edit changes one member and no other byte."""

import json
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.wire.edit import (
    change_members,
    remove_member,
    remove_path,
    replace_member,
    set_member,
    set_path,
)

KEYS = st.sampled_from(["model", "stream", "a", 'q"', "é", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6) | st.sampled_from(['"model":1', "\\", '{"', "]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
SPACE = st.sampled_from([b"", b" ", b"\n\t", b"\r\n"])


class Piece(NamedTuple):
    """A member as it is written: its key, all before its value, and its value."""

    key: str
    head: bytes
    value: bytes


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """The members of an object, duplicates included."""
    result = []
    for key, value in draw(st.lists(st.tuples(KEYS, VALUES), max_size=5)):
        ascii_only = draw(st.booleans())
        name = json.dumps(key, ensure_ascii=ascii_only).encode()
        text = json.dumps(value, ensure_ascii=ascii_only).encode()
        result.append(Piece(key, name + draw(SPACE) + b":" + draw(SPACE), text))
    return result


def written(members: list[Piece], space: bytes) -> bytes:
    inner = (space + b"," + space).join(m.head + m.value for m in members)
    return space + b"{" + space + inner + space + b"}" + space


def parsed(body: bytes) -> list[tuple[str, Any]]:
    """Every member with its value, in order, so that duplicates show."""
    result: list[tuple[str, Any]] = json.loads(body, object_pairs_hook=list)
    return result


@given(pieces(), SPACE, KEYS, VALUES)
@example([Piece("model", b'"model":', b"1"), Piece("model", b'"\\u006dodel" :', b"2")], b"", "model", "x")
def test_a_member_that_is_set_has_the_value_wherever_it_stands(
    members: list[Piece], space: bytes, key: str, value: object
) -> None:
    body, new = written(members, space), orjson.dumps(value)

    edited = set_member(body, key, value)

    if any(m.key == key for m in members):
        assert edited == written([m._replace(value=new) if m.key == key else m for m in members], space)
    else:
        comma = b"," if members else b""
        rest = body.lstrip()[1:].lstrip()
        assert edited == body.removesuffix(rest) + orjson.dumps(key) + b":" + new + comma + rest
    assert json.loads(edited) == json.loads(body) | {key: value}


@given(pieces(), SPACE, KEYS)
def test_a_member_that_is_removed_is_gone_however_often_it_was_there(
    members: list[Piece], space: bytes, key: str
) -> None:
    body = written(members, space)

    edited = remove_member(body, key)

    assert parsed(edited) == [(k, v) for k, v in parsed(body) if k != key]
    assert all(m.head + m.value in edited for m in members if m.key != key)


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        (b'{"m": 1, "a": 2}', b'{"a": 2}'),
        (b'{"a": 2, "m": 1}', b'{"a": 2}'),
        (b'{"a": 2, "m": 1, "b": 3}', b'{"a": 2, "b": 3}'),
        (b'{"m": 1, "m": 2, "a": 2, "m": 3, "m": 4, "b": 3, "m": 5}', b'{"a": 2, "b": 3}'),
        (b'{ "m": 1 }', b"{  }"),
        (b'{"m": 1, "m": 2}', b"{}"),
        (b'{"a": {"m": 1}}', b'{"a": {"m": 1}}'),
    ],
)
def test_a_removed_member_takes_its_comma_along(body: bytes, edited: bytes) -> None:
    assert remove_member(body, "m") == edited


@given(pieces(), SPACE, st.sampled_from(["model", "a", "stream"]), VALUES)
@example([Piece("model", b'"model":', b'"a"'), Piece("model", b'"\\u006dodel":', b'"a"')], b"", "model", "x")
@example([Piece("a", b'"a":', b'"model"'), Piece("model", b'"\\u006dodel":', b'"a"')], b"", "model", "x")
@example([Piece("a", b'"a":', b'{"model":"m"}'), Piece("model", b'"model":', b'"a"')], b"", "model", "x")
def test_a_member_that_is_known_to_be_there_is_set_as_any_is(
    members: list[Piece], space: bytes, key: str, value: object
) -> None:
    body = written([*members, Piece(key, orjson.dumps(key) + b":", b'"old"')], space)

    assert replace_member(body, key, value) == set_member(body, key, value)


def test_only_the_value_changes() -> None:
    body = b'{ "messages" : [ {"model":"x"} ],\n "model"\t:  "gpt-5" ,"n":1.0 }'

    assert set_member(body, "model", "gpt-5-mini") == body.replace(b'"gpt-5"', b'"gpt-5-mini"')


def test_a_new_member_is_put_first() -> None:
    assert set_member(b'{"a":1}', "b", {"c": [True]}) == b'{"b":{"c":[true]},"a":1}'
    assert set_member(b" {} ", "b", 1) == b' {"b":1} '


def test_nesting_of_ten_thousand_levels_is_edited_around() -> None:
    deep = b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b',"model":"x"}'

    assert set_member(deep, "model", "y") == deep.replace(b'"x"', b'"y"')


@given(pieces(), pieces(), SPACE, KEYS, st.integers(0, 9))
def test_a_nested_member_is_set_and_all_around_it_stays(
    outer: list[Piece], inner: list[Piece], space: bytes, key: str, value: int
) -> None:
    around = [m for m in outer if m.key != "config"]
    within = written(inner, b"")
    body = written([*around, Piece("config", b'"config":', within)], space)

    edited = set_path(body, ("config", key), value)

    config = Piece("config", b'"config":', set_member(within, key, value))
    assert edited == written([*around, config], space)


@given(pieces(), SPACE, st.lists(KEYS, min_size=1, max_size=3), st.integers(0, 9))
def test_a_path_that_was_not_there_is_put_first(
    members: list[Piece], space: bytes, path: list[str], value: int
) -> None:
    body = written(members, space)

    edited = set_path(body, ["new", *path], value)

    (name, made), *rest = parsed(edited)
    for key in path:
        assert name == "new" or len(made) == 1
        name, made = "", dict(made)[key]
    assert (made, rest) == (value, parsed(body))


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        (b"{}", b'{"a":{"b":1}}'),
        (b'{"a": null}', b'{"a": {"b":1}}'),
        (
            b'{"a": {"b": 2, "b":\t3}, "c": {"b": 4}, "a": {}}',
            b'{"a": {"b": 1, "b":\t1}, "c": {"b": 4}, "a": {"b":1}}',
        ),
        (b'{ "a" : { "c" : [ {"b":2} ] } }', b'{ "a" : { "b":1,"c" : [ {"b":2} ] } }'),
    ],
    ids=["absent", "null", "duplicates of both", "the same key deeper"],
)
def test_a_path_is_set_wherever_it_leads(body: bytes, edited: bytes) -> None:
    assert set_path(body, ("a", "b"), 1) == edited


@pytest.mark.parametrize("body", [b'{"a": 1}', b'{"a": [{}]}', b'{"a": {}, "a": "{}"}'])
def test_a_path_through_what_is_no_object_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        set_path(body, ("a", "b"), 1)


def test_members_change_by_what_they_were() -> None:
    """Where none has such a key, none is put unless one was named."""
    body = b'{"a": 1, "b": 2, "a": 3, "c": 4}'

    assert (
        change_members(body, ("a", "c"), lambda value: b"1" + value) == b'{"a": 11, "b": 2, "a": 13, "c": 14}'
    )
    assert change_members(body, ("d",), lambda value: b"[" + value + b"]") == body
    assert change_members(body, ("d",), lambda value: b"[" + value + b"]", add="d").startswith(
        b'{"d":[null],'
    )


@pytest.mark.parametrize("body", [b"[]", b"", b'{"a":', b'{"a":1}{}'])
def test_what_is_no_object_is_an_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        set_member(body, "a", 1)
    with pytest.raises(ValueError, match="no JSON object"):
        remove_member(body, "a")


def test_a_path_is_set_in_any_spelling() -> None:
    """All that are there; else the first one is put."""
    path = (("topConfig", "top_config"), ("topK", "top_k"))

    assert set_path(b'{"top_config": {"top_k": 1}}', path, 2) == b'{"top_config": {"top_k": 2}}'
    assert set_path(b'{"top_config": {}, "topConfig": null}', path, 2) == (
        b'{"top_config": {"topK":2}, "topConfig": {"topK":2}}'
    )
    assert set_path(b"{}", path, 2) == b'{"topConfig":{"topK":2}}'


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        (b'{"a": {"b": 1, "c": 2}, "d": 3}', b'{"a": {"c": 2}, "d": 3}'),
        (b'{"A": {"B": 1, "b": 1}, "a": {"b" : 1}}', b'{"A": {}, "a": {}}'),
        (b'{"a": null, "b": 1}', b'{"a": null, "b": 1}'),
        (b'{ "b": 1 }', b'{ "b": 1 }'),
    ],
    ids=["one", "all spellings and duplicates", "null", "not there"],
)
def test_a_path_is_removed_wherever_it_leads(body: bytes, edited: bytes) -> None:
    assert remove_path(body, (("a", "A"), ("b", "B"))) == edited


def test_nothing_is_removed_from_what_is_no_object() -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        remove_path(b'{"a": [{"b": 1}]}', ("a", "b"))
