"""All personal data of a text: the corpus, any text, and how long it takes."""

import base64
import json
from itertools import pairwise
from random import Random
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detection.personal import changed, examples
from tests.detection.personal_values import MAKERS
from tests.detection.personal_words import WORDS
from tests.detection.score import scored
from tests.detection.surroundings import NEUTRAL, surrounded
from tests.tollway.guardrails.personal.finding import made
from tollway.guardrails.found import Family
from tollway.guardrails.personal import named, numbering, shapes
from tollway.guardrails.personal.detect import personal, warm
from tollway.guardrails.personal.kinds import ALL, KINDS
from tollway.guardrails.search import search
from tollway.guardrails.spot import spots

SCORES = scored(examples(), lambda text: search(text, [personal]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_corpus_is_found(kind: str) -> None:
    """At least fifteen examples each side; 0.97 of the true ones, and none of the false ones."""
    score = SCORES[kind]

    assert score.true >= 15
    assert score.false >= 15
    assert score.recall >= 0.97, score.missed
    assert score.wrong == 0, score.mistaken


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_found_in_an_attachment(kind: str) -> None:
    """A file of text, in base64."""
    text = surrounded("German", MAKERS[kind](Random(kind)), WORDS.get(kind, NEUTRAL))
    source = {"type": "base64", "media_type": "text/plain", "data": base64.b64encode(text.encode()).decode()}
    body = json.dumps({"messages": [{"content": [{"type": "document", "source": source}]}]}).encode()

    assert kind in [spot.kind for spot in spots(body, [personal])]


NUMBERS_AND_WORDS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from([":", "@", ".", "-", " ", "\\n", "phone ", "BSN ", "born ", "passport "]),
        st.text("0123456789 .-:+()", max_size=20),
        st.builds(made, st.sampled_from(sorted(ALL)), st.integers(0, 99)),
    ),
    max_size=12,
).map("".join)


@given(NUMBERS_AND_WORDS)
def test_findings_are_within_the_text_in_order_and_apart(text: str) -> None:
    """Whatever it is."""
    found = personal(text)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(one.kind in ALL and one.family is Family.PERSONAL for one in found)
    assert all(one.tier in KINDS[one.kind].tiers for one in found)


WORD = st.text(st.characters(categories=["Ll", "Lu"]), min_size=1, max_size=8)


@given(
    st.sampled_from(sorted(kind for kind in ALL if KINDS[kind].checked)),
    st.integers(0, 2**32),
    st.lists(WORD, max_size=6).map(" ".join),
    st.lists(WORD, max_size=6).map(" ".join),
)
def test_a_right_number_is_found_between_any_words(kind: str, seed: int, before: str, after: str) -> None:
    """With its name, where it has to be named."""
    value = made(kind, seed)
    name = f"{WORDS[kind].en} " if kind in WORDS else NEUTRAL.en
    text = f"{before} {name}: {value} {after}"

    start = text.index(value, len(before) + len(name))
    end = start + len(value)
    assert any(one.start <= start and one.end >= end for one in personal(text, {kind}))


@given(st.sampled_from(["card", "iban"]), st.integers(0, 2**32), st.lists(WORD, max_size=6).map(" ".join))
def test_one_changed_digit_makes_it_none(kind: str, seed: int, before: str) -> None:
    """Both checksums see each digit. Those of the national numbers are in `test_national.py`."""
    chance = Random(seed)
    value = changed(MAKERS[kind](chance), chance)

    assert personal(f"{before} {value}", {kind}) == []


def test_what_is_warm_is_not_made_again() -> None:
    """The first text waits for nothing."""
    warm()
    before = made_so_far()

    personal("BSN 123 tel. 030 90182045 +49 30 90182045")

    assert made_so_far() == before


def made_so_far() -> list[int]:
    """How many automatons there are, of each sort."""
    sorts = named._of, named._all, shapes._all, numbering._pattern, numbering._common
    return [sort.cache_info().currsize for sort in sorts]


def test_only_the_asked_kinds_are_found() -> None:
    """And nothing where none is asked for."""
    text = "jane@firma.de " + made("card")

    assert [one.kind for one in personal(text)] == ["email", "card"]
    assert [one.kind for one in personal(text, {"card"})] == ["card"]
    assert [one.kind for one in personal(text, {"email"})] == ["email"]
    assert personal(text, ()) == []


BYTES = 1 << 16
ADVERSARIAL = {
    "digits": "7" * BYTES,
    "ones": "1-" * (BYTES // 2),
    "spaced ones": "1 " * (BYTES // 2),
    "spaces": " " * BYTES,
    "addresses": "a@" * (BYTES // 2),
    "domains": "@a." * (BYTES // 3),
    "pairs": "ab:" * (BYTES // 3),
    "hextets": "2a00:" * (BYTES // 5),
    "octets": "1." * (BYTES // 2),
    "groups": "1234 " * (BYTES // 5),
    "plus": "+1 " * (BYTES // 3),
    "parentheses": "(" * BYTES,
    "accounts": "DE89 " * (BYTES // 5),
    "base64": base64.b64encode(Random(2).randbytes(BYTES * 3 // 4)).decode(),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_time_is_in_proportion_to_the_text(name: str) -> None:
    """Eight times the text takes less than twenty times as long: sixty-four times, it would be quadratic."""
    text = ADVERSARIAL[name]
    personal(text[:100])

    part, whole = (min(_took(text[:size]) for _ in range(3)) for size in (BYTES // 8, BYTES))

    assert whole < max(20 * part, 0.1)
    assert personal(text) == []


def _took(text: str) -> float:
    started = thread_time()
    personal(text)
    return thread_time() - started
