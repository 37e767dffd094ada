"""OpenAI's errors and headers, which all of its APIs share."""

import orjson

from tests.simulator.dialects.dialect import NUMBER, Asked
from tests.simulator.scenario import Scenario

TYPES = {401: "authentication_error", 403: "permission_error", 429: "requests", 500: "server_error"}
CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


def error(asked: Asked, scenario: Scenario) -> bytes:
    """`{"error": {...}}`, its type and code following the status."""
    return orjson.dumps({"error": error_object(scenario)})


def error_object(scenario: Scenario) -> dict[str, str | None]:
    """The error itself, which streams carry, too."""
    status = scenario.status if scenario.status >= 400 else 500
    kind = TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"message": scenario.message, "type": kind, "param": None, "code": CODES.get(status)}


def headers(asked: Asked) -> tuple[tuple[str, str], ...]:
    """What OpenAI says beside the body."""
    return (
        ("openai-organization", "simulated"),
        ("openai-processing-ms", "12"),
        ("openai-version", "2020-10-01"),
        ("x-ratelimit-limit-requests", "10000"),
        ("x-ratelimit-remaining-requests", "9999"),
        ("x-request-id", "req_" + NUMBER),
    )
