"""An answer as Redis has it."""

import os
from collections.abc import Callable
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.caching.kept import DAY_US, NOON_US, answer
from tollway.cache.fault import Damaged
from tollway.cache.fleet import kept
from tollway.cache.fleet.kept import (
    CHECKED,
    FIRST,
    OF,
    OVERHEAD,
    PIECE,
    Facts,
    Ready,
    facts_of,
    others,
    ready,
    whole,
)
from tollway.caching.recorded import Recorded
from tollway.caching.store import Which
from tollway.model import Usage

KEY, OTHER = b"k" * 32, b"o" * 32
PACKED = answer(b"a" * 500)


def text_of(as_kept: Ready) -> bytes:
    """All pieces, as they are read."""
    fields = dict(as_kept.pieces)
    return b"".join(fields[name] for name in (FIRST, *others(fields[OF])))


@pytest.mark.parametrize(
    "each",
    [answer(), answer(b""), PACKED, answer(os.urandom(3_000), model=None, stream=True, usage=Usage())],
    ids=["json", "empty", "packed", "stream"],
)
def test_an_answer_comes_back_as_it_was(each: Recorded) -> None:
    assert whole(text_of(ready(KEY, each)), KEY, NOON_US) == each


def test_no_piece_is_large_and_those_of_two_answers_are_called_otherwise() -> None:
    one, two = (ready(KEY, answer(os.urandom(PIECE * 3))).pieces for _ in range(2))

    assert len(one) == len(two) == 5
    assert all(len(piece) <= PIECE for _, piece in one)
    assert {field for field, _ in one} & {field for field, _ in two} == {OF, FIRST}


@pytest.mark.parametrize("of", [b"", b"x y", b"1", b"1 a b", b"\xff 1"])
def test_what_tells_of_no_pieces_is_damaged(of: bytes) -> None:
    with pytest.raises(Damaged):
        others(of)


def test_one_that_is_over_is_none() -> None:
    text = text_of(ready(KEY, answer()))

    assert whole(text, KEY, NOON_US + DAY_US - 1) is not None
    assert whole(text, KEY, NOON_US + DAY_US) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: b"",
        lambda text: b"x" * len(text),
        lambda text: text[: len(text) // 2] + b"\x00" + text[len(text) // 2 + 1 :],
    ],
)
def test_what_is_not_as_it_was_written_is_no_answer(harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Damaged):
        whole(harm(text_of(ready(KEY, PACKED))), KEY, NOON_US)


@given(st.data())
def test_no_bit_of_it_may_turn(data: st.DataObject) -> None:
    text = bytearray(text_of(ready(KEY, PACKED)))
    text[data.draw(st.integers(0, len(text) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(Damaged):
        whole(bytes(text), KEY, NOON_US)


def test_nor_is_one_that_answers_another_key() -> None:
    with pytest.raises(Damaged):
        whole(text_of(ready(OTHER, PACKED)), KEY, NOON_US)


def checked(said: object) -> bytes:
    """What some other program wrote, whole."""
    text = kept._encode(said)
    return text + crc32(text).to_bytes(CHECKED)


def test_what_is_whole_and_says_something_else_is_none() -> None:
    with pytest.raises(Damaged):
        whole(checked([1, 2]), KEY, NOON_US)


def test_a_usage_of_which_a_later_version_knows_more_is_read_as_far_as_it_goes() -> None:
    usage = {"input_tokens": 7, "thoughts": 9}
    until_us = NOON_US + 1
    one = kept.Kept(
        KEY, 200, (), False, "c", "r", "s", "p", None, usage, 1, NOON_US, until_us, 2, False, b"{}"
    )

    found = whole(checked(one), KEY, NOON_US)

    assert found is not None
    assert found.usage.known() == {"input_tokens": 7}


def test_the_index_knows_what_it_is_of_and_what_it_takes() -> None:
    each = ready(KEY, answer(scope="team a"))

    assert facts_of(each.facts) == Facts(each.size, "r", "team a", "openai", "gpt-5", NOON_US + DAY_US, 1500)
    assert each.size == len(text_of(each)) + OVERHEAD
    assert facts_of(b"x") is None


def test_a_text_that_is_none_can_not_be_kept() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        ready(KEY, answer(model="\ud800"))


@pytest.mark.parametrize(
    ("which", "meets"),
    [
        (Which(), True),
        (Which(rule="r"), True),
        (Which(rule="x"), False),
        (Which(model="gpt-5"), True),
        (Which(model="gpt"), False),
        (Which(scope="user"), True),
        (Which(scope="user ann"), True),
        (Which(scope="use"), False),
        (Which(scope="user a"), False),
        (Which(rule="r", scope="team"), False),
    ],
)
def test_it_is_one_of_those_that_are_asked_for(which: Which, meets: bool) -> None:
    facts = facts_of(ready(KEY, answer()).facts)

    assert facts is not None
    assert facts.meets(which) is meets
