"""Text in base64."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.guardrails.secrets import made
from tollway.guardrails.secrets.encoded import texts

SAID = "user=bob\ntoken=a text of some length"


def test_a_run_is_read_where_it_stands() -> None:
    """With its place."""
    run = made.encoded(SAID)

    assert list(texts(f'"data": "{run}", more'.encode())) == [(9, 9 + len(run), SAID.encode())]


def test_there_may_be_several() -> None:
    """One space between them."""
    run = made.encoded(SAID)

    assert [said for _, _, said in texts(f"{run} {run}\n{run}".encode())] == [SAID.encode()] * 3


def test_what_holds_no_text_is_none() -> None:
    """Hashes, ids, pictures, words."""
    chance = Random(1)
    hashes = " ".join(made.text(chance, 64, made.HEX) for _ in range(200))
    picture = made.text(chance, 100_000, made.BASE64)
    words = "ThisIsAnIdentifierThatGoesOnAndOn and/a/path/that/goes/on/and/on/and/on"

    assert not list(texts(f"{hashes} {picture} {words}".encode()))


def test_text_with_control_characters_is_none() -> None:
    """A NUL among letters is a file."""
    assert not list(texts(made.encoded("some letters\0some letters").encode()))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=18))
def test_any_ascii_text_is_read(said: str) -> None:
    """From eighteen characters on."""
    assert [text for _, _, text in texts(made.encoded(said).encode())] == [said.encode()]


@given(st.binary())
def test_any_bytes_can_be_asked_of(data: bytes) -> None:
    """It never raises."""
    assert isinstance(list(texts(data)), list)
