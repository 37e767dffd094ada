"""Cohere: chat of the second version, embed and rerank, which name no model."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import NUMBER, Asked, model_of, sse, texts, thoughts
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, literal, tidy

FINISH = {"stop": "COMPLETE", "length": "MAX_TOKENS", "refusal": "ERROR"}
TEMPLATE = 500
"""Tokens of Cohere's own that come with every chat, and are not billed."""


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream, and how many texts or documents."""
    shape = path.rpartition("/")[2].replace("chat", "")
    given = body.get("texts", body.get("documents"))
    return Asked(
        shape=shape,
        model=model_of(body, "command-simulated"),
        stream=not shape and body.get("stream") is True,
        inputs=len(given) if isinstance(given, list) else 1,
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """An answer of the operation."""
    if asked.shape == "embed":
        vectors = {"float": [[0.25, 0.5]] * asked.inputs}
        return orjson.dumps({"id": NUMBER, "embeddings": vectors, **_meta(scenario, "input_tokens")})
    if asked.shape == "rerank":
        results = [{"index": i, "relevance_score": 1 / (i + 1)} for i in range(asked.inputs)]
        return orjson.dumps({"id": NUMBER, "results": results, **_meta(scenario, "search_units")})
    content = [{"type": "thinking", "thinking": text} for text in thoughts(scenario)]
    content.append({"type": "text", "text": "".join(texts(asked, scenario))})
    message = {"role": "assistant", "content": content}
    answer = {"id": NUMBER, "finish_reason": FINISH.get(scenario.finish, "COMPLETE"), "message": message}
    return orjson.dumps(answer | tidy({"usage": usage(scenario.usage)}))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """`message-start` to `message-end`, which alone has the usage."""
    said = [("thinking", text) for text in thoughts(scenario)]
    said += [("text", text) for text in texts(asked, scenario)]
    broken = scenario.finish in ("failed", "error")
    start = {"id": NUMBER, "type": "message-start", "delta": {"message": {"role": "assistant"}}}
    found = [sse(start, "message-start")]
    for kind, text in said[: len(said) // 2] if broken else said:
        delta = {"message": {"content": {kind: text}}}
        found.append(sse({"type": "content-delta", "index": 0, "delta": delta}, "content-delta"))
    reason = {"finish_reason": "ERROR" if broken else FINISH[scenario.finish]}
    end = reason | ({} if broken else tidy({"usage": usage(scenario.usage)}))
    return [*found, sse({"type": "message-end", "delta": end}, "message-end")]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """A message."""
    return orjson.dumps({"id": NUMBER, "message": scenario.message})


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What Cohere says beside the body."""
    return (("x-debug-trace-id", NUMBER), ("num_chars", "12"))


def usage(reported: Usage | None) -> Any:
    """What is billed, and what was processed: both as floats, as Cohere's types have them."""
    if reported is None or reported.raw is not None:
        return literal(reported)
    known = tidy({"input_tokens": reported.input_tokens, "output_tokens": reported.output_tokens})
    billed = {name: float(count) for name, count in known.items()}
    return {
        "billed_units": billed,
        "tokens": {name: count + TEMPLATE for name, count in billed.items()},
        "cached_tokens": float(TEMPLATE),
    }


def _meta(scenario: Scenario, unit: str) -> dict[str, Any]:
    if scenario.usage is None:
        return {"meta": {"api_version": {"version": "2"}}}
    count = 1 if unit == "search_units" else scenario.usage.count("input_tokens")
    return {"meta": {"api_version": {"version": "2"}, "billed_units": {unit: count}}}
