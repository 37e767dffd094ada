"""Texts as values."""

import os

from tests.tollway.texts.made import NOON_US, text
from tollway.texts.store import NOWHERE


def test_what_a_text_says_is_not_shown_by_chance() -> None:
    said = os.urandom(8).hex()

    assert repr(text("c1", body=said.encode())) == "Text(c1, request, 16 bytes)"


def test_nowhere_keeps_nothing() -> None:
    """And nobody has to ask whether texts are kept."""
    NOWHERE.keep(text(), frozenset())
    NOWHERE.prune(NOON_US)
    NOWHERE.close()
