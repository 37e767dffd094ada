"""Text in base64."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tollway.guardrails.secrets.encoded import is_chance, texts

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


def test_what_goes_on_is_no_run() -> None:
    """Neither before nor after: it is cut where text begins by chance."""
    run = made.encoded(SAID)

    assert not list(texts(f"+{run} {run.rstrip('=')}=+x".encode()))


def test_a_shape_in_the_middle_of_a_picture_is_chance() -> None:
    """In one line, and in lines of 76."""
    picture = made.text(Random(2), 2000, made.BASE64)
    lines = "\n".join(picture[at : at + 76] for at in range(0, len(picture), 76))

    assert is_chance(picture, 1000, 1039)
    assert is_chance(lines, 1005, 1035)


@pytest.mark.parametrize(("start", "end"), [(100, 139), (1900, 1939), (0, 39), (1961, 2000)])
def test_at_the_edge_of_a_picture_it_is_none(start: int, end: int) -> None:
    """A run that is long on both sides is one."""
    picture = made.text(Random(3), 2000, made.BASE64)

    assert not is_chance(picture, start, end)


def test_one_of_a_list_of_keys_is_none() -> None:
    """A line of its own is no middle."""
    keys = [made.text(Random(seed), 40) for seed in range(20)]
    text = "\n".join(keys)
    start = text.index(keys[10])

    assert not is_chance(text, start, start + 40)
    assert not is_chance(text, start, start + 39)
    assert not is_chance(text, start + 1, start + 40)


@given(st.binary())
def test_any_bytes_can_be_asked_of(data: bytes) -> None:
    """It never raises."""
    assert isinstance(list(texts(data)), list)
