"""How well our own rules do on the corpus, which `scripts/detect own-secrets` prints."""

import pytest

from tests.detection import secret_values as made
from tests.detection.score import scored
from tests.detection.secrets import LEAST, examples
from tests.detection.source import found_in_source
from tollway.guardrails.found import Found, Tier
from tollway.guardrails.search import search
from tollway.guardrails.secrets import load


def found(text: str) -> list[Found]:
    """As a text of a call is searched."""
    return search(text, [load.pack().scan])


SCORES = scored(examples(seed=2), found)


@pytest.mark.parametrize("kind", sorted(made.CERTAIN))
def test_a_certain_kind_is_found(kind: str) -> None:
    """Nineteen of twenty times, in languages, code, data, logs and base64."""
    score = SCORES[kind]

    assert min(score.true, score.false) >= LEAST
    assert score.recall >= 0.95, score.missed


@pytest.mark.parametrize("kind", sorted(SCORES.keys() - made.CERTAIN.keys()))
def test_a_generic_kind_is_found(kind: str) -> None:
    """In the shapes that the corpus has."""
    assert SCORES[kind].recall >= 0.95, SCORES[kind].missed


def test_what_looks_like_a_secret_is_none() -> None:
    """Nor is it one of another kind."""
    false = [example for example in examples(seed=2) if not example.true]
    mistaken = [example for example in false if found(example.text)]

    assert len(false) >= 40
    assert len(mistaken) * 100 <= len(false), mistaken


@pytest.mark.slow
def test_source_code_has_no_certain_secret() -> None:
    """One in ten megabytes would be the bar."""
    size, every = found_in_source(found)

    assert size > 10_000_000
    assert [kind for kind, tier in every if tier is Tier.CERTAIN] == []
