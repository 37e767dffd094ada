"""Checksums in tokens."""

from random import Random
from zlib import crc32

import pytest

from tests.detection.secret_values import checked, text
from tollway.guardrails.secrets.checksum import base62, crc32_base62


@pytest.mark.parametrize(
    ("number", "digits"),
    [(0, "000000"), (61, "00000z"), (62, "000010"), (35, "00000Z"), (2**32 - 1, "4gfFC3")],
)
def test_a_crc_is_six_digits(number: int, digits: str) -> None:
    """Digits, capitals, small letters; zeros in front."""
    assert base62(number) == digits


@pytest.mark.parametrize("prefix", ["gh" + "p_", "gh" + "o_", "np" + "m_"])
def test_a_token_checks_itself(prefix: str) -> None:
    """What stands before the first underscore is no part of it."""
    token = checked(prefix)(Random(1))

    assert crc32_base62(token)


def test_one_wrong_character_is_seen_anywhere() -> None:
    """In the body as in the checksum."""
    token = checked("gh" + "p_")(Random(2))

    wrong = [token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :] for at in range(4, len(token))]

    assert not any(map(crc32_base62, wrong))


def test_the_checksum_is_the_crc_of_the_thirty_characters() -> None:
    """Not of the prefix with them."""
    body = text(Random(3), 30)

    assert not crc32_base62("gh" + "p_" + body + base62(crc32(f"ghp_{body}".encode())))


@pytest.mark.parametrize("value", ["", "ghp_", "ghp_é", "_" * 40])
def test_what_is_no_token_has_none(value: str) -> None:
    """It does not raise."""
    assert not crc32_base62(value)
