"""How well Kingfisher with our own rules does on the corpus, which `scripts/detect secrets` prints."""

import pytest

from tests.detection import secret_values as made
from tests.detection.score import scored
from tests.detection.secrets import LEAST, examples
from tests.detection.source import found_in_source
from tollway.guardrails.found import Tier
from tollway.guardrails.search import search
from tollway.guardrails.secrets.secret_engine import SecretEngine


def test_every_kind_is_found(kingfisher: SecretEngine) -> None:
    """Nineteen of twenty times, and by our name for it."""
    scores = scored(examples(seed=2), lambda text: search(text, [kingfisher.scan]))

    assert {kind for kind, score in scores.items() if min(score.true, score.false) < LEAST} == set()
    assert {kind: score.missed for kind, score in scores.items() if score.recall < 0.95} == {}
    assert scores.keys() >= made.CERTAIN.keys()


def test_what_looks_like_a_secret_is_none(kingfisher: SecretEngine) -> None:
    """Nor is it one of another kind."""
    false = [example for example in examples(seed=2) if not example.true]
    mistaken = [example for example in false if search(example.text, [kingfisher.scan])]

    assert len(mistaken) * 50 <= len(false), mistaken


@pytest.mark.slow
def test_source_code_has_at_most_one_certain_secret_in_ten_megabytes(kingfisher: SecretEngine) -> None:
    """Of any kind of its catalogue."""
    size, found = found_in_source(lambda text: search(text, [kingfisher.scan]))

    assert sum(times for (_, tier), times in found.items() if tier is Tier.CERTAIN) * 10_000_000 <= size
