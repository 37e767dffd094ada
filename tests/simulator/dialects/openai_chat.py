"""OpenAI Chat Completions, as its many speakers have it."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked, model_of, served, sse, texts
from tests.simulator.dialects.example import example_for
from tests.simulator.dialects.openai_error import error, error_object, headers
from tests.simulator.dialects.openai_usage import chat_usage
from tests.simulator.scenario import Scenario

__all__ = ["ask", "error", "events", "headers", "whole"]

FINISH = {"stop": "stop", "length": "length", "refusal": "content_filter"}
DONE = b"data: [DONE]\n\n"


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream, and whether the stream is to report usage. Azure's model is in the path."""
    options = body.get("stream_options")
    usage = isinstance(options, dict) and options.get("include_usage") is True
    deployment = path.partition("/deployments/")[2].partition("/")[0]
    model = model_of(body, deployment or "gpt-simulated")
    json = example_for(body, "response_format", "json_schema", "schema")
    return Asked(model=model, stream=body.get("stream") is True, usage=usage, json=json)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A `chat.completion`."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(texts(asked, scenario)),
        "refusal": None,
        "annotations": [],
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(scenario)}
    answer = {**_head(asked, scenario, "chat.completion"), "choices": [choice]}
    usage = chat_usage(scenario.usage)
    return orjson.dumps(answer if usage is None else answer | {"usage": usage})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Role, contents, finish, the usage chunk if asked for, `[DONE]`."""
    said = [{"content": text} for text in texts(asked, scenario)]
    chunks = [_chunk(asked, scenario, {"role": "assistant", "content": "", "refusal": None})]
    chunks += [_chunk(asked, scenario, delta) for delta in said]
    if scenario.finish in ("failed", "error"):
        return [*chunks[: 1 + len(said) // 2], sse({"error": error_object(scenario)})]
    chunks.append(_chunk(asked, scenario, {}, finish=_finish(scenario)))
    report = _report(asked, scenario)
    if scenario.usage_at == "middle":
        return [*chunks[:-2], *report, *chunks[-2:], DONE]
    return [*chunks, *report, DONE]


def _report(asked: Asked, scenario: Scenario) -> list[bytes]:
    usage = chat_usage(scenario.usage)
    if usage is None or not asked.usage or scenario.usage_at == "every":
        return []
    return [sse({**_head(asked, scenario, "chat.completion.chunk"), "choices": [], "usage": usage})]


def _chunk(asked: Asked, scenario: Scenario, delta: dict[str, Any], *, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    chunk = {**_head(asked, scenario, "chat.completion.chunk"), "choices": [choice]}
    if scenario.usage_at == "every":
        chunk["usage"] = chat_usage(scenario.usage)
    elif asked.usage:
        chunk["usage"] = None
    return sse(chunk)


def _head(asked: Asked, scenario: Scenario, kind: str) -> dict[str, Any]:
    head = {
        "id": "chatcmpl-" + NUMBER,
        "object": kind,
        "created": CREATED,
        "model": served(asked, scenario),
        "system_fingerprint": "fp_simulated",
    }
    tier = scenario.usage and scenario.usage.tier
    return head | {"service_tier": tier} if tier else head


def _finish(scenario: Scenario) -> str:
    return FINISH.get(scenario.finish, "stop")
