"""JSON without needless escapes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.answers.filtering import Stopping
from tollway.guardrails.plainly import Plainly, plain
from tollway.guardrails.restoring import Restoring


def escaped(text: str) -> str:
    """JSON in which each character that may be is an escape."""
    return "".join(f"\\u{ord(char):04x}" if char not in '{}[]:,"' else char for char in text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"\u0062lue\u002Fbird", "blue/bird"),
        (r"a\/b", "a/b"),
        (r"\\u0062", r"\\u0062"),
        (r"\\\u0062", r"\\b"),
        (r"\"\u0022\u005c\u007f\u0000\u00e9\u2028\n", r"\"\u0022\u005c\u007f\u0000\u00e9\u2028\n"),
        ("\\u00", "\\u00"),
        ("\\", "\\"),
        ("\\uxyz1", "\\uxyz1"),
        ("blue", "blue"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_needs_no_escape_has_none(text: str, said: str, size: int) -> None:
    filter = Plainly(Restoring({}))

    assert plain(text) == said
    pieces = [filter.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(pieces) + filter.end() == said


@given(
    st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)), st.booleans()
)
def test_it_means_the_same(value: object, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii).replace("/", "\\/")

    assert json.loads(plain(text)) == value


def test_a_filter_behind_it_may_end_it() -> None:
    filter = Plainly(Stopping("bluebird"))

    assert filter.feed(r'{"a": "the \u006') == '{"a": "the '
    assert not filter.ended
    assert filter.feed("2luebird") == ""
    assert filter.ended


def test_what_is_held_at_the_end_goes_through_too() -> None:
    filter = Plainly(Stopping("\\"))
    assert filter.feed("a\\") == "a"
    assert (filter.end(), filter.ended) == ("", True)
