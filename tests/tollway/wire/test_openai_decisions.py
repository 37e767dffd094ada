"""Decisions count as responses do; their questions are read, too."""

import json

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.openai_decisions import OpenAIDecisions

DECIDES = OpenAIDecisions()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_decisions")
BODY = {
    "model": "gpt-6-luna",
    "input": [{"role": "user", "content": [{"type": "input_text", "text": "It rains."}]}],
    "questions": [
        {"type": "predicate", "name": "wet", "instructions": "Is it wet?"},
        {"type": "choice", "instructions": "Which?", "choices": [{"value": "rain"}, {"value": True}]},
    ],
    "prompt_cache_key": "k",
}


def test_a_request_is_read() -> None:
    assert DECIDES.read_request(HERE, BODY) == Asked(model="gpt-6-luna", session="k")
    assert list(DECIDES.texts(BODY)) == ["It rains.", "wet", "Is it wet?", "Which?", "rain"]


def test_an_answer_reports_its_usage() -> None:
    answer = {
        "answers": [{"type": "predicate", "name": "wet", "probability": 0.9}],
        "model": "gpt-6-luna-2026-10-01",
        "usage": {
            "input_tokens": 100,
            "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 20},
            "output_tokens": 2,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 102,
        },
    }
    reader = DECIDES.reader(HERE, Asked(), {"content-type": "application/json"})
    reader.feed(json.dumps(answer).encode())

    assert reader.report() == Report(
        usage=Usage(
            input_tokens=100, cache_read_tokens=60, cache_write_tokens=20, output_tokens=2, reasoning_tokens=0
        ),
        model="gpt-6-luna-2026-10-01",
        complete=True,
    )
