import pytest
from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseRegex,
    ClauseStartsWith,
)

from tollway.prices.match import claims

FLASH = ClauseAnd(and_=[ClauseStartsWith("gemini-3.8-flash"), ClauseRegex(r"^(?!.*-tts(?:$|-))")])


@pytest.mark.parametrize(
    ("clause", "name", "covered"),
    [
        (ClauseEquals("GPT-5"), "gpt-5", 5),
        (ClauseEquals("gpt-5"), "gpt-5-mini", None),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5", 17),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5-20250929", 17),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5@20250929", 17),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5-latest", 17),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5-ultra", None),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-50", None),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-5-1", None),
        (ClauseStartsWith("claude-sonnet-4-5"), "claude-sonnet-4-6", None),
        (ClauseStartsWith("gpt-5-nano-"), "gpt-5-nano-2025-08-07", 11),
        (ClauseStartsWith("gpt-5-nano-"), "gpt-5-nano-ultra", None),
        (ClauseStartsWith("gemma-3-"), "gemma-3-27b-it", 8),
        (ClauseStartsWith("ft:gpt-4o-2024-"), "ft:gpt-4o-2024-08-06:org::id", 15),
        (ClauseEndsWith("claude-opus-5"), "publishers/anthropic/models/claude-opus-5", 13),
        (ClauseEndsWith("claude-opus-5"), "not-claude-opus-5", None),
        (ClauseEndsWith("claude-opus-5"), "claude-opus-5-5", None),
        (ClauseContains("amazon.nova-pro"), "us.amazon.nova-pro-v1:0", 15),
        (ClauseContains("amazon.nova-pro"), "arn:aws:bedrock:us-east-1:1:x/us.amazon.nova-pro-v1:0:300k", 15),
        (ClauseContains("o4-mini"), "my-o4-mini", None),
        (ClauseContains("o4-mini"), "gpt-4o", None),
        (ClauseRegex(r"^gemini-4-argon-\d"), "gemini-4-argon-002", 18),
        (ClauseRegex(r"^gemini-4-argon-\d"), "gemini-4-argon-2-lite", None),
        (ClauseRegex(r"^gemini-4-argon-\d"), "gemini-4-argon-x", None),
        (FLASH, "gemini-3.8-flash", 16),
        (FLASH, "gemini-3.8-flash-preview-11-2026", 16),
        (FLASH, "gemini-3.8-flash-lite", None),
        (FLASH, "gemini-3.8-flash-tts", None),
        (ClauseOr(or_=[ClauseStartsWith("gpt-5"), ClauseEquals("gpt-5-pro")]), "gpt-5-pro", 9),
        (ClauseOr(or_=[ClauseEquals("a"), ClauseEquals("b")]), "c", None),
        (object(), "gpt-5", None),
    ],
)  # fmt: skip
def test_a_claim_holds_if_only_versions_dates_and_paths_are_left(
    clause: object, name: str, covered: int | None
) -> None:
    assert claims(clause, name) == covered
