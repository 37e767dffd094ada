import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.prices.names import MAX_NAME, spellings


@pytest.mark.parametrize(
    ("model", "name", "rule"),
    [
        ("gpt-5", "gpt-5", ""),
        ("GPT-5", "gpt-5", ""),
        ("models/gemini-2.5-pro", "gemini-2.5-pro", "path"),
        ("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro", "path"),
        ("projects/p/locations/l/publishers/anthropic/models/claude-sonnet-5", "claude-sonnet-5", "path"),
        ("ft:gpt-4.1-mini-2025-04-14:org:name:id", "gpt-4.1-mini", "fine-tuned,date-suffix"),
        ("claude-opus-5-5[1m]", "claude-opus-5-5", "window"),
        ("openai/gpt-5:online", "gpt-5", "variant,vendor"),
        ("gpt-5.5-2026-04-01", "gpt-5.5", "date-suffix"),
        ("gpt-5.5-20260401", "gpt-5.5", "date-suffix"),
        ("claude-sonnet-5@20260101", "claude-sonnet-5", "date-suffix"),
        ("gemini-9-flash-09-2026", "gemini-9-flash", "date-suffix"),
        ("gemini-9-flash-05-06", "gemini-9-flash", "date-suffix"),
        ("gemini-9-flash-001", "gemini-9-flash", "date-suffix"),
        ("mistral-huge-2609", "mistral-huge", "date-suffix"),
        ("claude-sonnet-5@default", "claude-sonnet-5", "date-suffix"),
        ("grok-9-latest", "grok-9", "latest"),
    ],
)
def test_the_last_spelling_is_the_barest(model: str, name: str, rule: str) -> None:
    assert list(spellings(model))[-1] == (name, rule)


def test_the_name_itself_comes_first_and_each_rule_adds_a_spelling() -> None:
    assert list(spellings("models/x-2026-01-01")) == [
        ("models/x-2026-01-01", ""),
        ("x-2026-01-01", "path"),
        ("x", "path,date-suffix"),
    ]


@pytest.mark.parametrize(
    "model", ["gpt-5:free", "models/", "/", "-2026-01-01", ":online", "gpt-5.4", "o3-mini"]
)
def test_what_no_rule_means_has_one_spelling(model: str) -> None:
    """`:free` is another price, and a name is never stripped to nothing."""
    assert list(spellings(model)) == [(model, "")]


@given(st.text(max_size=2 * MAX_NAME))
def test_spellings_are_few_short_and_never_empty_but_for_an_empty_name(model: str) -> None:
    found = list(spellings(model))

    assert 1 <= len(found) <= 8
    assert all(name for name, _ in found[1:])
    assert all(len(name) <= 3 * MAX_NAME for name, _ in found)
