"""OpenAI's transcriptions and translations: JSON, plain text, or a stream of events."""

from collections.abc import Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import Asked, model_of, sse, texts
from tests.simulator.dialects.openai_error import error, error_object, headers
from tests.simulator.scenario import Scenario
from tests.simulator.usage import Usage, literal, tidy

__all__ = ["ask", "error", "events", "headers", "whole"]

DURATION = 8.470000267028809
"""How long every sound is, as a verbose answer says."""
SHAPES = {"text": "plain", "srt": "plain", "vtt": "plain", "verbose_json": "verbose"}


def ask(path: str, query: str, body: Mapping[str, Any]) -> Asked:
    """Model, stream and format of a form."""
    return Asked(
        shape=SHAPES.get(str(body.get("response_format")), ""),
        model=model_of(body, "ears-simulated"),
        stream=body.get("stream") in (True, "true"),
    )


def whole(asked: Asked, scenario: Scenario) -> bytes:
    """What was said, with more about it if that was asked for."""
    said = "".join(texts(asked, scenario))
    if asked.shape == "plain":
        return said.encode() + b"\n"
    about: dict[str, Any] = {"text": said}
    if asked.shape == "verbose":
        about |= {"task": "transcribe", "language": "english", "duration": DURATION, "segments": []}
    return orjson.dumps(about | tidy({"usage": _usage(scenario.usage)}))


def events(asked: Asked, scenario: Scenario) -> list[bytes]:
    """Word by word; all of it, with the usage, at the end."""
    said = texts(asked, scenario)
    made = [_event("transcript.text.delta", {"delta": text}) for text in said]
    if scenario.finish in ("failed", "error"):
        return [*made[: len(made) // 2], _event("error", {"error": error_object(scenario)})]
    usage = tidy({"usage": _usage(scenario.usage)})
    return [*made, _event("transcript.text.done", {"text": "".join(said), **usage})]


def _event(kind: str, about: dict[str, Any]) -> bytes:
    return sse({"type": kind, **about}, kind)


def _usage(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    if usage is None or usage.raw is not None:
        return literal(usage)
    heard = usage.count("input_audio_tokens")
    return tidy({
        "type": "tokens",
        "input_tokens": usage.input_tokens,
        "input_token_details": {"audio_tokens": heard, "text_tokens": usage.count("input_tokens") - heard},
        "output_tokens": usage.output_tokens,
        "total_tokens": usage.count("input_tokens") + usage.count("output_tokens"),
    })  # fmt: skip
