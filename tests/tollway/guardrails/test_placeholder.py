"""What stands for a value."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.guardrails.placeholder import LONGEST, is_placeholder, placeholder, placeholders

KEY = b"made-up"
ANY = st.text(st.characters(), max_size=40)
"""Lone surrogates among them."""


def test_it_is_an_identifier_that_names_the_kind() -> None:
    made = placeholder(KEY, "session", "github_token", "value")

    assert re.fullmatch("REDACTED_GITHUB_TOKEN_[a-z2-7]{12}", made)
    assert made.isidentifier()


@given(ANY, ANY, ANY)
def test_it_is_recognised_whatever_it_is_made_of(scope: str, kind: str, value: str) -> None:
    made = placeholder(KEY, scope, kind, value)

    assert is_placeholder(made)
    assert made.isascii()
    assert len(made) <= LONGEST
    assert list(placeholders(f'x="{made}9,{made}')) == [
        (3, 3 + len(made)),
        (5 + len(made), 5 + 2 * len(made)),
    ]


def test_the_longest_kind_is_cut() -> None:
    made = placeholder(KEY, "", "a" * 100, "")

    assert len(made) == LONGEST


def test_it_is_the_same_each_time_and_another_for_all_else() -> None:
    """Parts are not joined so that one might end where another does."""
    made = [
        placeholder(*parts)
        for parts in [
            (KEY, "session", "email", "value"),
            (KEY, "session", "email", "value2"),
            (KEY, "session", "phone", "value"),
            (KEY, "other", "email", "value"),
            (b"another", "session", "email", "value"),
            (KEY, "sessione", "mail", "value"),
            (KEY, "session", "emailv", "alue"),
        ]
    ]

    assert placeholder(KEY, "session", "email", "value") == made[0]
    assert len({one.rpartition("_")[2] for one in made}) == len(made)


@pytest.mark.parametrize(
    "text",
    ["", "REDACTED", "REDACTED_EMAIL_abc", "REDACTED_EMAIL_abcdefghijk1", "REDACTED-EMAIL_abcdefghijkl"],
)
def test_what_only_looks_alike_is_none(text: str) -> None:
    assert not is_placeholder(text)
    assert list(placeholders(text)) == []


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title])
def test_it_is_one_in_any_letters(spell: Callable[[str], str]) -> None:
    """As models write it: else it would be taken for a secret in the next turn."""
    mask = spell(placeholder(b"key", "scope", "email", "jane@firma.de"))

    assert is_placeholder(mask)
    assert list(placeholders(f"password={mask};")) == [(9, 9 + len(mask))]
