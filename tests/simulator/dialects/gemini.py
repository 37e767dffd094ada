"""Gemini's generateContent and its kin, on the Gemini API, Vertex and Code Assist."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import NUMBER, Asked, model_of, served, texts, thoughts
from tests.simulator.dialects.example import example_for
from tests.simulator.dialects.gemini_usage import usage_metadata
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "refusal": "SAFETY"}
STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip
STREAM = "streamGenerateContent"


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model and operation are in the path, except Code Assist's model.

    Shapes: "array" or "sse" for streams, "code_assist" after a dot where answers are wrapped; an
    operation's name for the others.
    """
    name, _, operation = path.rpartition("/")[2].partition(":")
    wrapped = name == "v1internal"
    model = model_of(body, "gemini-simulated") if wrapped else name
    stream = operation == STREAM
    shape = ("sse" if "alt=sse" in query.split("&") else "array") if stream else operation
    requests = body.get("requests")
    inputs = len(requests) if isinstance(requests, list) else 1
    shape += ".code_assist" if wrapped else ""
    return Asked(shape=shape, model=model, stream=stream, inputs=inputs, json=_json(body, wrapped=wrapped))


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A GenerateContentResponse, embeddings, or a count."""
    match asked.shape.partition(".")[0]:
        case "countTokens":
            count = scenario.usage.count("input_tokens") if scenario.usage else 0
            return orjson.dumps({"totalTokens": count})
        case "embedContent":
            return orjson.dumps({"embedding": {"values": VECTOR}})
        case "batchEmbedContents":
            return orjson.dumps({"embeddings": [{"values": VECTOR}] * asked.inputs})
    parts = [{"text": text, "thought": True} for text in thoughts(scenario)]
    parts.append({"text": "".join(texts(asked, scenario))})
    finish = FINISH.get(scenario.finish, "STOP")
    return orjson.dumps(_wrap(asked, _answer(asked, scenario, parts, finish, usage_metadata(scenario.usage))))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Chunks as SSE, or as the elements of one JSON array."""
    chunks = [orjson.dumps(chunk) for chunk in _chunks(asked, scenario)]
    if asked.shape.startswith("sse"):
        return [b"data: %s\r\n\r\n" % chunk for chunk in chunks]
    return [(b"[" if i == 0 else b",\r\n") + chunk for i, chunk in enumerate(chunks)] + [b"\n]\n"]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """`{"error": {...}}`; a stream that is an array has it as its element."""
    body = orjson.dumps({"error": _error(scenario)})
    return b"[%s\n]\n" % body if asked.shape.startswith("array") else body


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What Google says beside the body."""
    return (
        ("vary", "Origin"),
        ("vary", "X-Origin"),
        ("vary", "Referer"),
        ("x-xss-protection", "0"),
        ("x-content-type-options", "nosniff"),
        ("server-timing", "gfet4t7; dur=12"),
    )


def _json(body: Mapping[str, Any], *, wrapped: bool) -> str | None:
    path = ("request", "generationConfig") if wrapped else ("generationConfig",)
    found = (example_for(body, *path, name) for name in ("responseJsonSchema", "responseSchema"))
    return next((text for text in found if text is not None), None)


VECTOR = tuple(i / 16 - 0.25 for i in range(8))


def _chunks(asked: Asked, scenario: Scenario) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"text": text, "thought": True} for text in thoughts(scenario)]
    parts += [{"text": text} for text in texts(asked, scenario)]
    if scenario.finish in ("failed", "error"):
        half = parts[: len(parts) // 2]
        said = [_answer(asked, scenario, [part], None, None) for part in half]
        return [*(_wrap(asked, chunk) for chunk in said), {"error": _error(scenario)}]
    last = len(parts) - 1
    chunks = [
        _answer(
            asked, scenario, [part], FINISH[scenario.finish] if i == last else None, _usage(scenario, i, last)
        )
        for i, part in enumerate(parts)
    ]
    return [_wrap(asked, chunk) for chunk in chunks]


def _usage(scenario: Scenario, i: int, last: int) -> dict[str, Any] | orjson.Fragment | None:
    """Cumulative on every chunk; the last one has it all."""
    if i < last and scenario.usage_at == "last":
        return None
    return usage_metadata(scenario.usage, part=(i + 1, last + 1))


def _answer(
    asked: Asked,
    scenario: Scenario,
    parts: list[dict[str, Any]],
    finish: str | None,
    usage: dict[str, Any] | orjson.Fragment | None,
) -> dict[str, Any]:
    content = {"parts": parts, "role": "model"}
    candidate = tidy({"content": content, "finishReason": finish, "index": 0})
    searches = scenario.usage.web_searches if scenario.usage else None
    if finish and searches is not None:
        queries = [f"simulated {i + 1}" for i in range(searches)]
        candidate["groundingMetadata"] = {"webSearchQueries": queries}
    return tidy({
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": served(asked, scenario),
        "responseId": NUMBER,
    })  # fmt: skip


def _wrap(asked: Asked, answer: dict[str, Any]) -> dict[str, Any]:
    return {"response": answer, "traceId": NUMBER} if asked.shape.endswith(".code_assist") else answer


def _error(scenario: Scenario) -> dict[str, Any]:
    status = scenario.status if scenario.status >= 400 else 500
    return {"code": status, "message": scenario.message, "status": STATUSES.get(status, "UNKNOWN")}
