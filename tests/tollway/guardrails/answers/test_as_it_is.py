"""What no dialect reads."""

import json

import pytest

from tests.tollway.guardrails.answers.filtering import Heard, at_end, holding, stopping
from tollway.guardrails.answers.as_it_is import as_it_is, string_by_string
from tollway.guardrails.answers.channel import What


@pytest.mark.parametrize("data", [b"", b"one", b"\xff one", '{"a": "é'.encode()])
def test_it_is_one_text(data: bytes) -> None:
    heard = Heard()

    assert as_it_is(data, holding(heard, (2,))) == (data, False)
    assert len(heard.texts(What.UNREAD)) == 1
    assert string_by_string(data, holding(heard)) == data


def test_it_changes_as_the_filter_says_and_may_end() -> None:
    assert as_it_is(b"one\xff", holding(Heard(), (1,), True)) == (b'\\n"\xff', False)
    assert as_it_is(b"one bad two", stopping("bad")) == (b"one ", True)
    assert as_it_is(b"one", at_end) == (b"one", True)


def test_of_json_each_string_is_a_text() -> None:
    """Every other byte stays."""
    body = b'{"error" : {"message": "one", "code": [7, "two"]}}'
    heard = Heard()

    assert string_by_string(body, holding(heard)) == body
    assert heard.texts() == ["one", "two"]
    assert string_by_string(body, holding(Heard(), (9,), True)) == body.replace(b"one", b'\\\\n\\"').replace(
        b"two", json.dumps("\U0001f600w\\", ensure_ascii=False)[1:-1].encode()
    )


def test_behind_the_end_all_is_empty() -> None:
    body = b'{"a": "one", "b": "a bad one", "c": ["three"]}'

    assert json.loads(string_by_string(body, stopping("bad"))) == {"a": "one", "b": "a ", "c": [""]}
