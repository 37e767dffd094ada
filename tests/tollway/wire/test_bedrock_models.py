"""Each model's own counts, in the documented shape of its answers."""

from typing import Any

import pytest

from tollway.model import Portion, Usage
from tollway.wire.bedrock_models import usage_in


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        pytest.param(  # 10 + 200 + 50 = 260
            {"type": "message", "usage": {
                "input_tokens": 10, "cache_read_input_tokens": 200, "cache_creation_input_tokens": 50,
                "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 30},
                "output_tokens": 7, "server_tool_use": {"web_search_requests": 2}}},
            Usage(input_tokens=260, cache_read_tokens=200, cache_write_tokens=50, cache_write_1h_tokens=30,
                  output_tokens=7, web_searches=2),
            id="Claude",
        ),
        pytest.param(
            {"output": {}, "usage": {"inputTokens": 5, "outputTokens": 10, "totalTokens": 15,
                                     "cacheReadInputTokenCount": 3, "cacheWriteInputTokenCount": 0}},
            Usage(input_tokens=8, cache_read_tokens=3, cache_write_tokens=0, output_tokens=10),
            id="Nova",
        ),
        pytest.param(
            {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13,
                                      "completion_tokens_details": {"reasoning_tokens": 1}}},
            Usage(input_tokens=9, output_tokens=4, reasoning_tokens=1),
            id="OpenAI's form",
        ),
        pytest.param(
            {"inputTextTokenCount": 5, "results": [{"tokenCount": 10}, {"tokenCount": 2}, 5, {}]},
            Usage(input_tokens=5, output_tokens=12),
            id="Titan",
        ),
        pytest.param({"embedding": [], "inputTextTokenCount": 0}, Usage(input_tokens=0), id="Titan vectors"),
        pytest.param(
            {"generation": "x", "prompt_token_count": 0, "generation_token_count": 0},
            Usage(input_tokens=0, output_tokens=0),
            id="Llama",
        ),
        pytest.param(
            {"text": "x", "meta": {"billed_units": {"input_tokens": 5, "output_tokens": 2}}},
            Usage(input_tokens=5, output_tokens=2),
            id="Cohere",
        ),
        pytest.param({"images": ["aGk=", "aGk="], "error": None}, Usage(images=2), id="Nova Canvas"),
        pytest.param({"images": [], "error": "all were filtered"}, Usage(images=0), id="nothing drawn"),
        pytest.param(
            {"result": "success", "artifacts": [{"seed": 0, "base64": "aGk="}]}, Usage(images=1), id="SDXL"
        ),
        pytest.param({"embeddings": [], "images": [{"width": 5}]}, None, id="Cohere's embeddings of images"),
        pytest.param({"outputs": [{"text": "x"}]}, None, id="Mistral"),
        pytest.param({"results": [{"index": 0, "relevance_score": 0.9}]}, None, id="a ranking"),
        pytest.param({"usage": {}, "results": 5, "images": 5, "artifacts": 5, "meta": 5}, None, id="odd"),
    ],
)  # fmt: skip
def test_an_answer_says_what_was_used(body: dict[str, Any], usage: Usage | None) -> None:
    assert usage_in(body) == (usage, ())


def test_other_models_that_took_part_are_named() -> None:
    """An advisor's tokens, which Claude's usage as a whole leaves out: 10 + 4 in, 7 + 2 out."""
    advisor = {"type": "advisor_message", "model": "claude-a", "input_tokens": 4, "output_tokens": 2}
    body = {"model": "claude-b", "usage": {"input_tokens": 10, "output_tokens": 7, "iterations": [advisor]}}

    assert usage_in(body) == (
        Usage(input_tokens=14, output_tokens=9),
        (
            Portion(model="claude-b", usage=Usage(input_tokens=10, output_tokens=7)),
            Portion(model="claude-a", usage=Usage(input_tokens=4, output_tokens=2)),
        ),
    )
