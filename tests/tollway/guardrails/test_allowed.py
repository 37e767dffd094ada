"""Allow-lists: what passes, and which entries are none."""

import re

import pytest

from tollway.guardrails.allowed import Allowance, How, allowed, check, hashed

KEY = b"a key of a test"


@pytest.mark.parametrize(
    ("how", "text", "value", "passes"),
    [
        (How.EXACT, "jane@firma.de", "jane@firma.de", True),
        (How.EXACT, "jane@firma.de", "Jane@firma.de", False),
        (How.EXACT, "*", "jane@firma.de", False),
        (How.GLOB, "*@firma.de", "Jane@FIRMA.de", True),
        (How.GLOB, "*@firma.de", "jane@firma.de.evil.com", False),
        (How.GLOB, "j?@x.de", "jo@x.de", True),
        (How.GLOB, "[ab]@x.de", "a@x.de", False),
        (How.GLOB, "[ab]@x.de", "[ab]@x.de", True),
        (How.RE2, r"\+49 ?30 .*", "+49 30 901820", True),
        (How.RE2, r"\+49 ?30", "+49 30 901820", False),
        (How.HASH, hashed(KEY, "jane@firma.de"), "jane@firma.de", True),
        (How.HASH, hashed(KEY, "jane@firma.de").upper(), "jane@firma.de", True),
        (How.HASH, hashed(KEY, "jane@firma.de"), "john@firma.de", False),
        (How.HASH, hashed(b"another key", "jane@firma.de"), "jane@firma.de", False),
    ],
)
def test_an_entry_allows_what_it_says(how: How, text: str, value: str, passes: bool) -> None:
    """The whole value, in the entry's own way."""
    assert allowed([Allowance(how, text)])(value, hashed(KEY, value)) is passes


def test_an_empty_list_allows_nothing() -> None:
    """Not even an empty text."""
    assert not allowed([])("", "")


def test_a_regular_expression_takes_linear_time() -> None:
    """One that would keep Python's own busy for years is answered at once."""
    passes = allowed([Allowance(How.RE2, "(a+)+b")])

    assert not passes("a" * 100_000, "")


def test_a_text_that_is_no_unicode_has_a_hash() -> None:
    """JSON may say half of a surrogate pair."""
    lone = "\ud800"

    assert allowed([Allowance(How.HASH, hashed(KEY, lone))])(lone, hashed(KEY, lone))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Allowance(How.RE2, "(?=a)b"), "RE2 does not take '(?=a)b'"),
        (Allowance(How.HASH, "beef"), "a hash has 32 hexadecimal digits, not 'beef'"),
    ],
)
def test_what_is_no_entry_is_said(entry: Allowance, message: str) -> None:
    """When the list is read, not when a call comes."""
    with pytest.raises(ValueError, match=re.escape(message)):
        check(entry)
