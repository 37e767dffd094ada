"""OpenAI's older Completions."""

from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked, served, sse, texts
from tests.simulator.dialects.openai_chat import DONE, ask
from tests.simulator.dialects.openai_error import error, error_object, headers
from tests.simulator.dialects.openai_usage import chat_usage
from tests.simulator.scenario import Scenario

__all__ = ["ask", "error", "events", "headers", "whole"]


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A `text_completion`."""
    answer = _answer(asked, scenario, "".join(texts(asked, scenario)), _finish(scenario))
    usage = chat_usage(scenario.usage)
    return orjson.dumps(answer if usage is None else answer | {"usage": usage})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Texts, finish, the usage chunk if asked for, `[DONE]`."""
    said = [sse(_answer(asked, scenario, text, None)) for text in texts(asked, scenario)]
    if scenario.finish in ("failed", "error"):
        return [*said[: len(said) // 2], sse({"error": error_object(scenario)})]
    said.append(sse(_answer(asked, scenario, "", _finish(scenario))))
    usage = chat_usage(scenario.usage)
    if asked.usage and usage is not None:
        said.append(sse(_answer(asked, scenario, "", None) | {"choices": [], "usage": usage}))
    return [*said, DONE]


def _answer(asked: Asked, scenario: Scenario, text: str, finish: str | None) -> dict[str, Any]:
    return {
        "id": "cmpl-" + NUMBER,
        "object": "text_completion",
        "created": CREATED,
        "model": served(asked, scenario),
        "choices": [{"text": text, "index": 0, "logprobs": None, "finish_reason": finish}],
    }


def _finish(scenario: Scenario) -> str:
    return "length" if scenario.finish == "length" else "stop"
