"""How deep in strings of JSON a place is."""

import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.depth import Depth
from tollway.guardrails.inside import NESTED

HERE = "HERE"


def depth(text: str, cuts: Sequence[int] = (), is_json: bool = False) -> int:
    """Where HERE is, of a text that is cut there."""
    text = text[: text.index(HERE) + len(HERE)]
    made = Depth(is_json)
    for start, end in pairwise([0, *sorted(cuts), len(text)]):
        made.feed(text[start:end])
    return made.strings


def nested(times: int) -> str:
    """JSON in a string of JSON in ..."""
    value: object = HERE
    for n in range(times):
        value = json.dumps({"n": n, "in": [None, True, -1.5e3, {}, value]})
    return str(value)


@pytest.mark.parametrize("times", range(NESTED + 2))
def test_each_string_around_a_place_counts(times: int) -> None:
    assert depth(nested(times)) == times


def test_deeper_than_anything_is_looked_into_nothing_counts() -> None:
    assert depth(nested(NESTED + 2)) == NESTED + 1


@given(
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.text(),
        ),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    ),
    st.lists(st.sampled_from([None, 1]), max_size=NESTED),
    st.booleans(),
    st.data(),
)
def test_it_is_so_in_any_json_and_wherever_it_is_cut(
    noise: object, indents: list[int | None], is_ascii: bool, data: st.DataObject
) -> None:
    value: object = f"a \U0001f600 {HERE}"
    for indent in indents:
        value = json.dumps({"noise": noise, "list": [noise, value]}, indent=indent, ensure_ascii=is_ascii)
    text = str(value).replace("/", "\\/") if len(indents) == 1 else str(value)
    if HERE in json.dumps(noise):
        return

    assert depth(text, data.draw(st.lists(st.integers(0, text.index(HERE))))) == len(indents)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HERE", 0),
        ('"HERE"', 0),
        ('a {"b": "HERE', 0),
        ('[see "HERE', 0),
        ("{HERE", 0),
        ('{"a": HERE', 0),
        ('{"a": "HERE', 1),
        (' \n{"HERE', 1),
        ('{"{\\"HERE', 1),
        ('{"a" "HERE', 0),
        ('{"a": 1 "HERE', 0),
        ('{"a"} "HERE', 0),
        ('{"a": 01, "HERE', 0),
        ('{"a": nil, "HERE', 0),
        ('["a"}, "HERE', 0),
        ('["a": "HERE', 0),
        ('["a", true, "HERE', 1),
        ('[],"HERE', 0),
        ("[] HERE", 0),
        ('["\\HERE', 0),
        ('["\\u00HERE', 0),
        ('["\\u005b\\u0022HERE', 2),
        ('["{\\"a\\": \\"\\\\xHERE', 1),
    ],
)
def test_what_is_no_json_is_in_no_string_of_it(text: str, expected: int) -> None:
    assert depth(text) == expected
    assert depth(text, range(len(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("HERE", 1), ('"HERE', 1), ('"{\\"HERE', 2), ('{"a" HERE', 1), ("1HERE", 1)]
)
def test_of_what_is_json_at_least_one(text: str, expected: int) -> None:
    """Whatever a model makes of it."""
    assert depth(text, is_json=True) == expected
