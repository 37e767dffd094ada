"""OpenAI Responses: the dialect."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked, model_of
from tests.simulator.dialects.example import example_for
from tests.simulator.dialects.openai_error import error, headers
from tests.simulator.dialects.openai_response_object import response
from tests.simulator.dialects.openai_responses_stream import all_events
from tests.simulator.dialects.openai_usage import responses_usage
from tests.simulator.scenario import Scenario
from tests.simulator.usage import tidy

__all__ = ["ask", "error", "events", "headers", "whole"]


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream, and which of the API's operations."""
    shape = next((name for name in ("compact", "input_tokens") if path.endswith("/" + name)), "")
    json = example_for(body, "text", "format", "schema")
    stream = body.get("stream") is True
    return Asked(shape=shape, model=model_of(body, "gpt-simulated"), stream=stream, json=json)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """A `response`, a `response.compaction`, or a count."""
    if asked.shape == "input_tokens":
        count = scenario.usage.count("input_tokens") if scenario.usage else 0
        return orjson.dumps({"object": "response.input_tokens", "input_tokens": count})
    if asked.shape == "compact":
        return orjson.dumps(_compaction(scenario))
    status = {"length": "incomplete", "failed": "failed", "error": "failed"}.get(scenario.finish, "completed")
    return orjson.dumps(response(asked, scenario, status))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """`response.created` to `response.completed`."""
    return all_events(asked, scenario)


def _compaction(scenario: Scenario) -> dict[str, Any]:
    item = {"id": "cmp_" + NUMBER, "type": "compaction", "encrypted_content": "c2ltdWxhdGVk"}
    return tidy({
        "id": "resp_" + NUMBER, "object": "response.compaction", "created_at": CREATED, "output": [item],
        "usage": responses_usage(scenario.usage),
    })  # fmt: skip
