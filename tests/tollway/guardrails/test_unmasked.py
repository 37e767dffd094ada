"""What is found, without what is masked."""

import pytest

from tests.detection.surroundings import SURROUNDINGS, Words, surrounded
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.placeholder import placeholder
from tollway.guardrails.search import AsWritten
from tollway.guardrails.secrets import load
from tollway.guardrails.unmasked import unmasked, without_placeholders

MASKED = placeholder(b"made-up", "session", "password", "value")

NAMED = Words("password:", "Passwort:", "mot de passe :", "contraseña:", "password:", "password")


def found(text: str, part: str, family: Family = Family.SECRETS) -> Found:
    """A part of a text."""
    at = text.index(part)
    return Found(start=at, end=at + len(part), kind="kind", family=family, tier=Tier.GENERIC)


@pytest.mark.parametrize("part", [MASKED, f"'{MASKED}'", MASKED[4:], f"{MASKED[9:]}'", f"p='{MASKED[:4]}"])
def test_what_has_a_placeholder_in_it_or_is_in_one_is_masked(part: str) -> None:
    text = f"{'.' * 99} p='{MASKED}' and more"

    assert list(without_placeholders(text, [found(text, part)])) == []


@pytest.mark.parametrize("part", ["p=", "=", "' and", "more"])
def test_what_is_beside_one_is_not(part: str) -> None:
    text = f"{'.' * 99} p='{MASKED}' and more"

    assert list(without_placeholders(text, [found(text, part)])) == [found(text, part)]


def test_an_operators_own_words_count_whatever_is_masked_in_them() -> None:
    """`CONFIDENTIAL.*` says it of the line. What a placeholder is made of are no words."""
    text = f"CONFIDENTIAL {MASKED}"

    whole, part = found(text, text, Family.WORDS), found(text, "PASSWORD", Family.WORDS)

    assert list(without_placeholders(text, [whole, part])) == [whole]


def test_what_is_long_may_have_anything_in_it() -> None:
    """Of too many findings, the last is all of the rest."""
    text = f"{MASKED} {'secret ' * 99}"

    assert list(without_placeholders(text, [found(text, text)])) == [found(text, text)]


def test_a_detector_finds_the_rest() -> None:
    """Two placeholders of which one is found, and something between them."""
    text = f"{MASKED} secret {MASKED}"
    every = [found(text, MASKED), found(text, "secret")]

    assert list(unmasked(lambda _: every)(text)) == [found(text, "secret")]


@pytest.mark.parametrize("where", SURROUNDINGS)
def test_our_own_detectors_find_nothing_in_what_is_masked(where: str) -> None:
    """Wherever a history has it, the next turn is not masked again."""
    for kind in ("password", "email", "card", "github_token"):
        masked = placeholder(b"made-up", "session", kind, "value")
        text = surrounded(where, masked, NAMED)

        assert [one for detect in (personal, load.pack().scan) for one in unmasked(detect)(text)] == []


def test_who_reads_letters_as_they_are_written_still_does() -> None:
    assert isinstance(unmasked(AsWritten(personal)), AsWritten)
    assert not isinstance(unmasked(personal), AsWritten)
