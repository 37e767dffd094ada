"""A body as one text."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.test_literals import JSON
from tollway.guardrails.flat import flat
from tollway.guardrails.leaves import Leaf, Unread, leaves

FILE = base64.b64encode(b"\x89PNG\r\n" * 30).decode()


def test_a_text_stands_behind_its_key() -> None:
    """What is a list, or is JSON in a string, is a line each."""
    value = {
        "password": "hunter2",
        "args": ["a", "blue"],
        "call": json.dumps({"key": "value"}),
        "n": 123456789,
    }

    assert flat(json.dumps(value).encode()).text == (
        "password: hunter2\nargs: a\nblue\ncall: \nkey: value\nn: 123456789\n"
    )


def test_files_and_what_providers_made_have_no_line() -> None:
    found = flat(json.dumps({"data": FILE, "signature": "AbCd" * 50, "thinking": ["signature"]}).encode())

    assert (found.text, found.unread) == ("data: signature: thinking: signature\n", 1)


def test_what_is_called_so_in_json_in_a_string_is_a_callers_own() -> None:
    """A provider's stands where the provider put it."""
    inner = json.dumps({"signature": "AbCd" * 50})

    assert flat(json.dumps({"result": inner}).encode()).text == f"result: \nsignature: {'AbCd' * 50}\n"


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ("hunter2", (1, 0, 7)),
        ("word: hunt", (1, 0, 4)),
        ("pass", (0, 0, 4)),
        (": ", None),
        ("2\n", (1, 6, 7)),
    ],
)
def test_what_is_found_is_placed_in_the_text_that_it_ends_in(
    part: str, place: tuple[int, int, int] | None
) -> None:
    found = flat(b'{"password": "hunter2"}')
    at = found.text.index(part)

    assert found.places(at, at + len(part)) == ([place] if place else [])


def test_what_is_before_all_texts_is_in_none() -> None:
    assert flat(b'["a", "blue"]').places(0, 1) == []


def test_what_is_over_more_than_two_texts_is_in_each() -> None:
    found = flat(b'["blue", "grey", "", "pink"]')

    assert found.text == "blue\ngrey\n\npink\n"
    assert found.places(2, 16) == [(0, 2, 4), (1, 0, 4), (2, 0, 4)]
    assert found.places(4, 16) == [(1, 0, 4), (2, 0, 4)]
    assert found.places(5, 16) == [(2, 0, 4)]


@pytest.mark.parametrize(
    "body", [b"a=secret", b'{"a": "b', b'{"text": "a\\ud800\xff\nb", "more": 1234567890}', b'"text"', b"12"]
)
def test_texts_are_those_of_the_leaves(body: bytes) -> None:
    assert texts(body) == [leaf.text for leaf in leaves(body) if isinstance(leaf, Leaf)]


@given(JSON, st.sampled_from([None, (",", ":"), (" ,\n", "\t: ")]))
def test_they_are_so_whatever_a_body_is_made_of(value: Any, separators: tuple[str, str] | None) -> None:
    inner = json.dumps([value, {"data": "aGVsbG8="}, {"data": "bluebird"}, value])
    value = {"data": FILE, "deep": inner, "signature": ["longer"], "thought_signature": "AbCd" * 50}
    body = json.dumps(value, separators=separators).encode()
    found = [*leaves(body)]

    assert texts(body) == [leaf.text for leaf in found if isinstance(leaf, Leaf)]
    assert flat(body).unread == sum(isinstance(leaf, Unread) for leaf in found)


def texts(body: bytes) -> list[str]:
    """Those that places are counted in."""
    found = flat(body)
    return [found.text[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
