"""OpenAI Images: generations and edits, whole and streamed."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, Asked, model_of, sse
from tests.simulator.dialects.openai_error import error, error_object, headers
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, literal, tidy

__all__ = ["ask", "error", "events", "headers", "whole"]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
"""A picture of one pixel, unless the scenario has a text: then that stands in its place, however long."""
LOOKS = {"background": "opaque", "output_format": "png", "quality": "high", "size": "1024x1024"}
PARTIAL = 2


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream, and how many images; a form says all of it in texts."""
    number = str(body.get("n", 1))
    return Asked(
        shape="image_edit" if path.endswith("/edits") else "image_generation",
        model=model_of(body, "gpt-image-simulated"),
        stream=body.get("stream") in (True, "true"),
        inputs=int(number) if number.isdecimal() else 1,
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """The images, and their usage."""
    data = [{"b64_json": scenario.text or PIXEL} for _ in range(asked.inputs)]
    usage = tidy({"usage": _usage(scenario.usage, details=True)})
    return orjson.dumps({"created": CREATED, "data": data, **LOOKS, **usage})


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Images that are not finished, and one that is."""
    about = {"b64_json": scenario.text or PIXEL, "created_at": CREATED, **LOOKS}
    kind = f"{asked.shape}.partial_image"
    made = [sse({"type": kind, **about, "partial_image_index": i}, kind) for i in range(PARTIAL)]
    if scenario.finish in ("failed", "error"):
        return [*made[:1], sse({"type": "error", "error": error_object(scenario)}, "error")]
    kind = f"{asked.shape}.completed"
    usage = tidy({"usage": _usage(scenario.usage, details=False)})
    return [*made, sse({"type": kind, **about, **usage}, kind)]


def _usage(usage: Usage | None, *, details: bool) -> dict[str, Any] | orjson.Fragment | None:
    """All output is image. A stream does not say so."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    seen, went = usage.count("input_image_tokens"), usage.count("output_tokens")
    return tidy({
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"image_tokens": seen, "text_tokens": usage.count("input_tokens") - seen},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"image_tokens": went, "text_tokens": 0} if details else None,
        "total_tokens": usage.count("input_tokens") + went,
    })  # fmt: skip
