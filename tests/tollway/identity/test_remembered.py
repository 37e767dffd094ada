"""A token that was verified is known for a while, and not for longer than it lives."""

from math import inf

from tollway.identity.judge import Known
from tollway.identity.remembered import LONGEST_SECONDS, Remembered
from tollway.model import Identity

ANN = Known(identity=Identity(user="ann"), expires=1000.0)
EVER = Known(identity=Identity(user="eve"), expires=inf)


def test_it_is_known_until_it_expires_or_has_to_be_checked_again() -> None:
    known = Remembered()
    known.add("a", ANN, now=900)
    known.add("e", EVER, now=900)

    assert known.find("a", 999.9) is ANN
    assert known.find("a", 1000) is None
    assert known.find("e", 900 + LONGEST_SECONDS - 1) is EVER
    assert known.find("e", 900 + LONGEST_SECONDS) is None
    assert known.find("x", 0) is None


def test_a_token_in_another_spelling_is_no_other_token() -> None:
    known = Remembered()
    known.add("e30==.e30.c2ln", EVER, now=0)

    assert known.find("e30.e30==.c2ln=", 1) is EVER


def test_what_is_no_text_is_unknown() -> None:
    """Headers may have any bytes."""
    assert Remembered().find("\udcff" * 100_000, 1) is None


def test_of_too_many_the_one_that_was_not_shown_for_the_longest_is_forgotten() -> None:
    known = Remembered(most=2)
    for text in ("a", "b"):
        known.add(text, EVER, now=0)
    known.find("a", 1)
    known.add("c", EVER, now=0)

    assert [known.find(text, 1) is not None for text in "abc"] == [True, False, True]


def test_no_token_is_kept() -> None:
    known = Remembered()
    known.add("a-made-up-token", ANN, now=0)

    assert "a-made-up-token" not in repr(vars(known))
