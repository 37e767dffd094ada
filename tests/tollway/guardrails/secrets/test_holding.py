"""What values decode to."""

import base64
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tollway.guardrails.secrets import holding


def test_padding_may_be_left_out() -> None:
    """As web tokens do."""
    assert holding.decoded("YWI") == holding.decoded("YWI=") == b"ab"


@pytest.mark.parametrize("value", ["a", "a-b_", "äöü=", "YWI*"])
def test_what_is_no_base64_decodes_to_nothing(value: str) -> None:
    """None, rather than what is left of it."""
    assert holding.decoded(value) is None
    assert not holding.base64(value)


def test_base64_is_base64() -> None:
    """Whole."""
    assert holding.base64(made.encoded("anything"))


@pytest.mark.parametrize(
    ("said", "is_pair"),
    [
        ("bob:hunter2", True),
        (":tok", True),
        ("bob:", False),
        ("bob", False),
        ("b\x00b:hunter2", False),
        ("böb:pässwort", True),
    ],
)
def test_a_pair_has_a_colon_and_a_password(said: str, is_pair: bool) -> None:
    """The user may be left out."""
    assert holding.user_and_password(made.encoded(said)) is is_pair


def test_a_picture_is_no_pair() -> None:
    """Nor is what is no base64."""
    assert not holding.user_and_password(base64.b64encode(b"\x89PNG:\xe9\xe9\xe9\xe9").decode())
    assert not holding.user_and_password("***")


def test_a_web_token_names_its_algorithm() -> None:
    """Two parts that look alike are not enough."""
    token = made.web_token(Random(1))

    assert holding.json_web_token(token)
    assert not holding.json_web_token("eyJhIjoxfQ." + token.partition(".")[2])
    assert not holding.json_web_token("*." + token)


@pytest.mark.parametrize("kind", ["RSA ", "", "OPENSSH "])
def test_a_private_key_has_lines_of_base64(kind: str) -> None:
    """As it is, and with its line ends escaped."""
    key = made.armoured(kind, 3)(Random(2))

    assert holding.armoured_key(key)
    assert holding.armoured_key(key.replace("\n", "\\n"))


@pytest.mark.parametrize("body", ["...", "your key goes here", "A" * 64, "MIIE" + "q9Zk3" * 12 + "...", ""])
def test_the_place_of_a_private_key_is_none(body: str) -> None:
    """Documentation is full of them."""
    begin, end = (f"-----{word} PRIVATE " + "KEY-----" for word in ("BEGIN", "END"))

    assert not holding.armoured_key(f"{begin}\n{body}\n{end}")


@given(st.text())
def test_any_text_can_be_asked_of(value: str) -> None:
    """None of them raises."""
    for ask in (holding.base64, holding.user_and_password, holding.json_web_token, holding.armoured_key):
        assert ask(value) in (True, False)
