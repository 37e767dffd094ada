"""Results of batches."""

from collections.abc import Mapping
from typing import Any

import pytest

from tollway.batches.answers import answer

CHAT = {
    "id": "c1",
    "object": "chat.completion",
    "model": "gpt-4o",
    "choices": [],
    "usage": {"prompt_tokens": 5, "completion_tokens": 2},
}
RESPONSE = {
    "id": "r1",
    "object": "response",
    "model": "gpt-5",
    "usage": {"input_tokens": 5, "output_tokens": 2},
}
VECTORS = {"object": "list", "data": [], "model": "e", "usage": {"prompt_tokens": 5, "total_tokens": 5}}
CLAUDE = {
    "id": "m1",
    "type": "message",
    "model": "claude-sonnet-4-5",
    "usage": {"input_tokens": 3, "cache_read_input_tokens": 2, "output_tokens": 2},
}
GEMINI = {
    "candidates": [],
    "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 2, "totalTokenCount": 7},
    "modelVersion": "gemini-2.5-pro",
}


def line(body: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """As OpenAI and Mistral have it."""
    return {"custom_id": "a", "response": {"status_code": 200, "body": body}, **more}


@pytest.mark.parametrize(
    ("api", "result", "model", "output"),
    [
        ("openai", line(CHAT), "gpt-4o", 2),
        ("openai", line(RESPONSE), "gpt-5", 2),
        ("openai", line(VECTORS), "e", None),
        ("mistral", line({**CHAT, "object": "chat.completion"}), "gpt-4o", 2),
        (
            "anthropic",
            {"custom_id": "a", "result": {"type": "succeeded", "message": CLAUDE}},
            "claude-sonnet-4-5",
            2,
        ),
        ("gemini", {"key": "a", "response": GEMINI}, "gemini-2.5-pro", 2),
        ("gemini", {"metadata": {"key": "a"}, "response": GEMINI}, "gemini-2.5-pro", 2),
    ],
)
def test_an_answer_is_read_by_its_dialect(
    api: str, result: Mapping[str, Any], model: str, output: int | None
) -> None:
    found = answer(api, result)

    assert found.mark == "a"
    assert found.report is not None
    assert found.report.model == model
    assert found.report.usage is not None
    assert (found.report.usage.input_tokens, found.report.usage.output_tokens) == (5, output)


@pytest.mark.parametrize(
    ("api", "result"),
    [
        ("openai", {"custom_id": "a", "response": None, "error": {"code": "batch_expired"}}),
        ("openai", line({"error": {"message": "no"}})),
        ("anthropic", {"custom_id": "a", "result": {"type": "errored", "error": {}}}),
        ("gemini", {"key": "a", "error": {}}),
    ],
)
def test_one_that_failed_used_nothing(api: str, result: Mapping[str, Any]) -> None:
    assert answer(api, result).report is None


@pytest.mark.parametrize(
    ("api", "result", "is_read"),
    [
        ("openai", line(CHAT), True),
        ("openai", line({"error": {"message": "no"}}), True),
        ("openai", {"custom_id": "a", "response": {"status_code": 500, "body": {"detail": "odd"}}}, True),
        ("openai", line({"object": "novel", "pages": 7}), False),
        ("mistral", line({"pages": [], "usage_info": {"pages_processed": 3}}), False),
        ("anthropic", {"custom_id": "a", "result": {"type": "succeeded", "message": {"id": "m"}}}, False),
    ],
)
def test_one_that_did_not_fail_and_says_nothing_is_not_read(
    api: str, result: Mapping[str, Any], is_read: bool
) -> None:
    """So that nothing is taken for free."""
    assert answer(api, result).is_read is is_read


def test_one_without_a_mark_has_none() -> None:
    assert answer("openai", {}).mark == ""
