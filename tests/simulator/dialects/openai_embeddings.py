"""OpenAI Embeddings."""

import base64
import struct
from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, served
from tests.simulator.dialects.openai_error import error, headers
from tests.simulator.dialects.openai_usage import embeddings_usage
from tests.simulator.scenario import Scenario

__all__ = ["ask", "error", "events", "headers", "whole"]

VECTOR = tuple(i / 16 - 0.25 for i in range(8))
"""Every text's embedding: eight numbers that are exact in binary."""


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, number of texts, and coding. A list of numbers is one text's tokens."""
    given = body.get("input")
    many = isinstance(given, list) and given and not isinstance(given[0], int)
    return Asked(
        model=model_of(body, "text-embedding-simulated"),
        inputs=len(given) if many and isinstance(given, list) else 1,
        base64=body.get("encoding_format") == "base64",
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A list of embeddings."""
    vector = base64.b64encode(struct.pack("<8f", *VECTOR)).decode() if asked.base64 else VECTOR
    data = [{"object": "embedding", "index": i, "embedding": vector} for i in range(asked.inputs)]
    answer = {"object": "list", "data": data, "model": served(asked, scenario)}
    usage = embeddings_usage(scenario.usage)
    return orjson.dumps(answer if usage is None else answer | {"usage": usage})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """There is no such stream: the JSON in one piece."""
    return [whole(asked, scenario)]
