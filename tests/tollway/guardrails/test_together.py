"""Several contents that are searched at once have in them what each has by itself."""

import json
import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detection import secret_values as made
from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.personal.detect import personal
from tollway.guardrails.secrets import load
from tollway.guardrails.secrets.bounded import MOST
from tollway.guardrails.spot import Known, searched
from tollway.guardrails.together import searched_together
from tollway.guardrails.words import Own, own_words

REAL = (load.pack().scan, personal, own_words(Own("names", ("blue bird",))))
KEY = "gl" + "pat-" + "q8w9e7r6t5y4u3i2o1p0"
ARMOUR = f"-----BEGIN RSA PRIVATE {'KEY'}-----"
PARTS = st.sampled_from([
    KEY, "password:", "password = '", "hunter2!x", "Bearer ", "aB3" * 12, "AWS_SECRET_" + "ACCESS_KEY=",
    "date of birth", "1985-05-12", "tel", "4111 1111 1111", "4929 5968", " 5936 7838", "ann@", "kestrel.net",
    "192.168.", "passport no", "C01X00T47", ARMOUR, made.encoded("a key of many bytes " * 4), "blue", "bird",
    "machine a.dev login", "bob password x9", "data: picture", "é", "\n", " ", "{", '"',
])  # fmt: skip
TEXTS = st.lists(PARTS, max_size=5).map("".join)


def know(kind: str, value: str) -> Known:
    """By which values are told apart."""
    return Known(f"{kind} {value}")


def written(text: str) -> bytes:
    return json.dumps({"role": "user", "content": text}).encode()


@given(st.lists(TEXTS.map(written) | TEXTS.map(str.encode), max_size=6))
@settings(max_examples=300)
def test_together_is_each_by_itself(contents: list[bytes]) -> None:
    """JSON and other texts; nothing goes on from one into another, or is named there."""
    assert searched_together(contents, REAL, know) == [searched(one, REAL, know) for one in contents]


def between(text: str) -> Iterator[Found]:
    """Finds what is between two words, wherever they are."""
    for match in re.finditer("begin.*?end", text, re.DOTALL):
        yield Found(start=match.start(), end=match.end(), kind="x", family=Family.SECRETS, tier=Tier.CERTAIN)


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        ([b"a begin", b"a begin b end"], [[], ["begin b end"]]),
        ([b"begin", b"b", b"end"], [[], [], []]),
        ([b"begin end", b"begin", b"begin end, end"], [["begin end"], [], ["begin end"]]),
        ([b"begin", b"end begin end", b"begin end"], [[], ["begin end"], ["begin end"]]),
    ],
)
def test_what_goes_on_into_another_content_hides_nothing_there(
    contents: Sequence[bytes], found: Sequence[Sequence[str]]
) -> None:
    each = searched_together(contents, [between], know)
    assert [
        [body[spot.start : spot.end].decode() for spot in one.spots]
        for body, one in zip(contents, each, strict=True)
    ] == found


def test_of_too_many_findings_none_is_let_by() -> None:
    """The last of them stands for the rest of its content, and for no other."""
    several = "\n".join(f"password = 'hunter{number}!x'" for number in range(MOST)).encode()
    contents = [several, several, KEY.encode()]

    assert searched_together(contents, REAL, know) == [searched(one, REAL, know) for one in contents]
