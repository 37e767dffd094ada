"""Reranking in Jina's shape."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import NUMBER, Asked, model_of, served
from tests.simulator.dialects.openai_error import error, headers
from tests.simulator.dialects.openai_usage import embeddings_usage
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

__all__ = ["ask", "error", "events", "headers", "whole"]


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, and how many documents."""
    given = body.get("documents")
    return Asked(
        model=model_of(body, "ranker-simulated"), inputs=len(given) if isinstance(given, list) else 0
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """The documents as they came, each less relevant than the one before."""
    results = [{"index": i, "relevance_score": 1 / (i + 1)} for i in range(asked.inputs)]
    answer = {"id": "rerank-" + NUMBER, "model": served(asked, scenario), "results": results}
    return orjson.dumps(answer | tidy({"usage": embeddings_usage(scenario.usage)}))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """There is no such stream: the JSON in one piece."""
    return [whole(asked, scenario)]
