"""OpenAI Decisions."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, served
from tests.simulator.dialects.openai_error import error, headers
from tests.simulator.dialects.openai_usage import responses_usage
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

__all__ = ["ask", "error", "events", "headers", "whole"]


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, and how many questions."""
    given = body.get("questions")
    return Asked(model=model_of(body, "gpt-simulated"), inputs=len(given) if isinstance(given, list) else 0)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """Every question is a predicate, and likely."""
    answers = [{"type": "predicate", "name": f"q{i}", "probability": 0.875} for i in range(asked.inputs)]
    answer = {"answers": answers, "model": served(asked, scenario)}
    return orjson.dumps(answer | tidy({"usage": responses_usage(scenario.usage)}))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """There is no such stream: the JSON in one piece."""
    return [whole(asked, scenario)]
