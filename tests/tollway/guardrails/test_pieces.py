"""A body in pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.test_literals import JSON
from tollway.guardrails.leaves import Leaf, leaves
from tollway.guardrails.pieces import MOST, Piece, pieces


def test_members_are_pieces_and_of_lists_of_objects_each_element() -> None:
    body = b'{"model": "x", "messages": [{"role": "user"}, ["a"]], "input": ["a", {}], "n": []}'
    at = body.index

    assert list(pieces(body)) == [
        Piece(b'{"model": "x"}', 0, ()),
        Piece(b'{"messages": 0}', at(b'"messages"') - 1, ()),
        Piece(b'{"role": "user"}', at(b'{"role"'), ("messages", 0)),
        Piece(b'["a"]', at(b'["a"]'), ("messages", 1)),
        Piece(b'{"input": ["a", {}]}', at(b'"input"') - 1, ()),
        Piece(b'{"n": []}', at(b'"n"') - 1, ()),
    ]


@pytest.mark.parametrize("body", [b"", b"[1]", b"a=b", b'{"a": 1', b'{"a": 1} x'])
def test_what_is_no_object_is_one_piece(body: bytes) -> None:
    assert list(pieces(body)) == [Piece(body, 0, ())]


def test_a_list_that_is_none_is_left_in_one_piece() -> None:
    assert list(pieces(b'{"a": [{} {}]}')) == [Piece(b'{"a": [{} {}]}', 0, ())]


def test_what_has_too_many_is_not_cut() -> None:
    """Each has its price: six megabytes of members took most of a minute."""
    members = b"{" + b",".join(b'"%d": 0' % n for n in range(MOST + 1)) + b"}"
    elements = b'{"a": [' + b",".join([b"{}"] * (MOST + 1)) + b"]}"

    assert list(pieces(members)) == [Piece(members, 0, ())]
    assert list(pieces(elements)) == [Piece(elements, 0, ())]


OBJECTS = st.lists(st.dictionaries(st.text(max_size=4), JSON, max_size=2), max_size=2)


@given(st.dictionaries(st.text(max_size=6), st.one_of(OBJECTS, JSON), max_size=3))
def test_pieces_have_every_text_of_the_body_at_its_place(value: dict[str, Any]) -> None:
    body = json.dumps(value).encode()
    whole = [(leaf.path, leaf.text) for leaf in leaves(body) if isinstance(leaf, Leaf)]

    parts = [
        (piece.path + leaf.path, leaf.text)
        for piece in pieces(body)
        for leaf in leaves(piece.content)
        if isinstance(leaf, Leaf)
    ]

    assert [text for _, text in parts] == [text for _, text in whole]
    for piece in pieces(body):
        assert piece.content.strip(b"{}")[:-1] in body
