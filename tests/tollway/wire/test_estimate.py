"""An estimate counts all texts, leans to too many, and its cost is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Usage
from tollway.wire.estimate import COUNTED, MARGIN, PER_CALL, PER_TEXT, estimate


def words(text: str) -> int:
    return len(text.split())


def test_input_is_the_texts_and_what_frames_them_output_is_what_was_delivered() -> None:
    assert estimate(["one two", "three"], b"four five", words, "gpt-5") == Usage(
        input_tokens=3 + 2 * PER_TEXT + PER_CALL, output_tokens=2
    )


def test_delivered_text_may_be_bytes_or_a_string() -> None:
    assert estimate([], "é è".encode(), words, "gpt-5") == estimate([], "é è", words, "gpt-5")
    assert estimate([], b"\xff x", words, "gpt-5").output_tokens == 2


@pytest.mark.parametrize(
    "model", ["gpt-5", "openai/gpt-4o", "o3-mini", "ft:gpt-4o:acme", "text-embedding-3-small"]
)
def test_openai_s_models_are_counted_as_they_count(model: str) -> None:
    assert estimate([], b"x " * 1000, words, model).output_tokens == 1000


@pytest.mark.parametrize("model", ["claude-opus-4-8", "gemini-3-flash", "mistral-large", "", None])
def test_others_get_a_margin(model: str | None) -> None:
    output = estimate([], b"x " * 1000, words, model).output_tokens

    assert output == 1000 * MARGIN


@given(st.lists(st.text(max_size=50)), st.text(max_size=50), st.text(max_size=5))
def test_more_text_is_never_fewer_tokens(texts: list[str], delivered: str, more: str) -> None:
    less, most = estimate(texts, delivered, len, "x"), estimate([*texts, more], delivered + more, len, "x")

    assert less.input_tokens is not None
    assert most.input_tokens is not None
    assert most.input_tokens > less.input_tokens
    assert (most.output_tokens or 0) >= (less.output_tokens or 0)


def test_of_a_very_long_input_a_part_is_counted_and_the_rest_taken_to_be_like_it() -> None:
    counted = []

    def count(text: str) -> int:
        counted.append(len(text))
        return len(text) // 2

    usage = estimate(["ab" * COUNTED, "ab" * COUNTED], b"", count, "gpt-5")

    assert sum(counted) == COUNTED
    assert usage.input_tokens == 2 * COUNTED + 2 * PER_TEXT + PER_CALL
