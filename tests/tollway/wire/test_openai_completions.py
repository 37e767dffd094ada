"""Completions differ from Chat in what the model reads."""

import json

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.openai_completions import OpenAICompletions

COMPLETIONS = OpenAICompletions()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_completions")


def test_the_texts_are_the_prompt_and_what_follows_it() -> None:
    assert list(COMPLETIONS.texts({"prompt": ["a", "b"], "suffix": "c", "messages": "d"})) == ["a", "b", "c"]


def test_a_request_is_read() -> None:
    assert COMPLETIONS.read_request(HERE, {"model": "m", "stream": True, "max_tokens": 5}) == Asked(
        model="m", stream=True, max_output_tokens=5, reports_usage=False
    )


def test_a_stream_is_read() -> None:
    chunks = [
        {"id": "cmpl-1", "object": "text_completion", "model": "m", "choices": [{"text": "Hel", "index": 0}]},
        {"id": "cmpl-1", "object": "text_completion", "model": "m", "choices": [{"text": "lo", "index": 0}]},
        {"id": "cmpl-1", "object": "text_completion", "model": "m", "choices": [],
         "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}},
    ]  # fmt: skip
    reader = COMPLETIONS.reader(HERE, Asked(), {"content-type": "text/event-stream"})

    for chunk in chunks:
        reader.feed(b"data: " + json.dumps(chunk).encode() + b"\n\n")

    assert reader.delivered() == b"Hello"
    assert reader.report() == Report(
        usage=Usage(input_tokens=3, output_tokens=2), model="m", id="cmpl-1", complete=True
    )


def test_an_object_is_read() -> None:
    reader = COMPLETIONS.reader(HERE, Asked(), {"content-type": "application/json"})
    reader.feed(
        b'{"id":"cmpl-1","choices":[{"text":"Hello"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}'
    )

    assert reader.delivered() == b"Hello"
    assert reader.report().usage == Usage(input_tokens=3, output_tokens=2)
