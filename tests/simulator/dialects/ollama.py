"""Ollama's own API: chat, generate and embed, streamed as lines unless the request says not to."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, served, texts, thoughts
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

FINISH = {"stop": "stop", "length": "length", "refusal": "stop"}
CREATED = "2026-11-18T11:06:40Z"


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, operation, and stream, the default. Shapes: the operation, behind "lines." in a stream."""
    operation = path.rpartition("/")[2]
    stream = operation in ("chat", "generate") and body.get("stream") is not False
    given = body.get("input")
    return Asked(
        shape=f"lines.{operation}" if stream else operation,
        model=model_of(body, "ollama-simulated"),
        stream=stream,
        inputs=len(given) if isinstance(given, list) else 1,
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """One object, counts and all."""
    head = {"model": served(asked, scenario), "created_at": CREATED}
    counts = _counts(scenario)
    if asked.shape == "embed":
        vectors = [[0.25, 0.5]] * asked.inputs
        counts.pop("eval_count", None)
        return orjson.dumps({"model": head["model"], "embeddings": vectors, "total_duration": 9, **counts})
    said = _said(asked, "".join(texts(asked, scenario)), "".join(thoughts(scenario)) or None)
    return orjson.dumps(
        head | said | {"done": True, "done_reason": FINISH.get(scenario.finish, "stop")} | counts
    )


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """A line for each text, and a last one with the counts."""
    head = {"model": served(asked, scenario), "created_at": CREATED}
    said = [_said(asked, "", text) for text in thoughts(scenario)]
    said += [_said(asked, text, None) for text in texts(asked, scenario)]
    if scenario.finish in ("failed", "error"):
        lines = [head | one | {"done": False} for one in said[: len(said) // 2]]
        return [orjson.dumps(line) + b"\n" for line in [*lines, {"error": scenario.message}]]
    last = {"done": True, "done_reason": FINISH[scenario.finish], "total_duration": 9, **_counts(scenario)}
    lines = [*(head | one | {"done": False} for one in said), head | _said(asked, "", None) | last]
    return [orjson.dumps(line) + b"\n" for line in lines]


def error(asked: Asked, scenario: Scenario) -> bytes:
    """A text."""
    return orjson.dumps({"error": scenario.message})


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Nothing of its own."""
    return ()


def _said(asked: Asked, text: str, thought: str | None) -> dict[str, Any]:
    if asked.shape.endswith("generate"):
        return {"response": text} | tidy({"thinking": thought})
    return {"message": {"role": "assistant", "content": text} | tidy({"thinking": thought})}


def _counts(scenario: Scenario) -> dict[str, Any]:
    """Go leaves zeros out."""
    usage = scenario.usage
    if usage is None:
        return {}
    return tidy({"prompt_eval_count": usage.input_tokens or None, "eval_count": usage.output_tokens or None})
