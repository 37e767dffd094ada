"""OpenAI's speech: bytes, or a stream of events."""

import base64
from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, sse
from tests.simulator.dialects.openai_error import error, error_object, headers
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, literal, tidy

__all__ = ["ask", "error", "events", "headers", "whole"]

SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(range(256)) * 40


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model and stream; what is no stream is a sound."""
    stream = body.get("stream_format") == "sse"
    return Asked(shape="" if stream else "sound", model=model_of(body, "tts-simulated"), stream=stream)


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """The sound."""
    return SOUND


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """The sound in pieces, and the usage."""
    kind = "speech.audio.delta"
    size = -(-len(SOUND) // scenario.events)
    pieces = [base64.b64encode(SOUND[at : at + size]).decode() for at in range(0, len(SOUND), size)]
    made = [sse({"type": kind, "audio": piece}, kind) for piece in pieces]
    if scenario.finish in ("failed", "error"):
        return [*made[: len(made) // 2], sse({"type": "error", "error": error_object(scenario)}, "error")]
    kind = "speech.audio.done"
    return [*made, sse({"type": kind, **tidy({"usage": _usage(scenario.usage)})}, kind)]


def _usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    if usage is None or usage.raw is not None:
        return literal(usage)
    total = usage.count("input_tokens") + usage.count("output_tokens")
    return tidy({
        "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "total_tokens": total,
    })  # fmt: skip
