"""A text without its credentials: all of them, nothing else, in linear time, and again without a change."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.redaction.made import MADE, word
from tollway.redaction.redacted import possible, redacted, spans
from tollway.redaction.shapes import SHAPES

LABEL = "PRIVATE KEY-----"
BEGIN = f"-----BEGIN {LABEL}".encode()
PIECES = [
    *(shape.start.decode() for shape in SHAPES),
    *("Bearer ", f"-----BEGIN RSA {LABEL}", f"-----END RSA {LABEL}", "://u:p@h", "redacted"),
    *("A1b2C3d4E5f6G7h8", "x" * 20, "1" * 20, "\\n", ". - _ \n \" ' : = / @ [ ] a é { } ,".split(" ")[0]),
    *"-_ \n\"':=/@[]aé{},",
]
KNOWN = ["A1b2C3d4E5f6G7h8", "x" * 20, "k-" + "x" * 18]


def texts() -> st.SearchStrategy[str]:
    """Texts of parts of credentials, in any order."""
    return st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(texts(), st.sets(st.sampled_from(KNOWN)))
def test_again_it_changes_nothing(text: str, known: set[str]) -> None:
    secrets = [each.encode() for each in known]

    once = redacted(text.encode(), secrets)

    assert redacted(once, secrets) == once


@given(texts(), st.sampled_from([*MADE]))
def test_whatever_stands_around_it_a_credential_goes(text: str, kind: str) -> None:
    made = MADE[kind]()

    found = redacted(f"{text} {made} {text}".encode())

    assert made.encode() not in found


@given(texts(), st.sets(st.sampled_from(KNOWN)))
def test_spans_are_in_order_and_apart(text: str, known: set[str]) -> None:
    found = spans(text.encode(), [each.encode() for each in known])

    assert all(start < end for start, end, _ in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(texts())
def test_shapes_that_are_not_possible_are_not_there(text: str) -> None:
    assert spans(text.encode(), (), possible(text.encode())) == spans(text.encode())


def test_what_is_known_goes_whatever_it_looks_like() -> None:
    assert redacted(b"my word is open sesame, yes", [b"open sesame"]) == (
        b"my word is [redacted credential], yes"
    )
    assert redacted(b"twice: hunter22hunter22", [b"hunter22"]) == b"twice: [redacted credential]"


def test_what_is_short_may_stand_anywhere_by_chance() -> None:
    assert redacted(b"none of it", [b"none"]) == b"none of it"


def test_a_text_without_any_is_the_same_object() -> None:
    text = b"nothing to see"

    assert redacted(text) is text


def test_two_that_touch_become_one_mark() -> None:
    key = f"sk-{word(30)}"

    assert redacted(f"Bearer {key}".encode()) == b"Bearer [redacted key]"


@pytest.mark.parametrize(
    "piece",
    [
        b"eyJaaaaaaaa-", b"eyJaaaaaaaa.", BEGIN, BEGIN + b"\n\n",
        b"://a:", b"bearer ", b"bearer aaaa", b"api_key=", b"api_key\\\\\\", b"sk-", b"(sk-",
        BEGIN + b"\nAAAAAAAAAAAAAAAAAAAA", BEGIN + b"\nA: b",
    ],
)  # fmt: skip
def test_it_takes_linear_time(piece: bytes) -> None:
    """A hundred times the length takes a hundred times as long, and not ten thousand times."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.thread_time()
        redacted(text)
        return time.thread_time() - start

    short = min(seconds(5_000) for _ in range(3))

    assert seconds(500_000) < 100 * short * 8 + 0.2
