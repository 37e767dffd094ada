"""The words that name kinds."""

from tollway.guardrails.personal.kinds import KINDS
from tollway.guardrails.personal.names import NAMES


def test_names_are_of_kinds_and_written_as_they_are_sought() -> None:
    """Without accents, no empty ones, each once."""
    assert set(NAMES) <= set(KINDS)
    for kind, phrases in NAMES.items():
        assert len(set(phrases)) == len(phrases), kind
        assert all(phrase and phrase == phrase.strip() for phrase in phrases), kind
        assert all(phrase.isascii() or kind in ("cn_id", "birth_date") for phrase in phrases), kind
