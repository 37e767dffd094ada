"""Gemini's Interactions: models and agents, whole, streamed, or shown again later."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import count, first, part, text
from tollway.wire.dialect import Reader
from tollway.wire.framing import Events
from tollway.wire.gemini import google_error
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.session import plain
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream, types

_TYPES = types(
    "event_type",
    deltas="step.delta content.delta",
    written="text arguments",
    telling="interaction.created interaction.start step.stop error interaction.completed interaction.complete"
    " interaction.requires_action interaction.failed interaction.cancelled",
)
_GOES_ON = frozenset({"interaction.created", "interaction.start", "step.stop"})
_FAILED = frozenset({"failed", "cancelled", "budget_exceeded"})
_WANTED = ("id", "model", "agent", "service_tier", "status", "usage", "steps", "outputs", "error")


class GeminiInteractions:
    """The dialect. One that runs in the background reports its usage where it is fetched."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: a model, or an agent, whose name stands for its models."""
        return Asked(
            model=_model(body),
            stream=body.get("stream") is True,
            max_output_tokens=first(part(body, "generation_config"), "max_output_tokens"),
            tier=text(body, "service_tier"),
            session=plain(body.get("previous_interaction_id")),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """System instruction, tools and input; not what the provider has stored."""
        return strings(*(body.get(name) for name in ("system_instruction", "tools", "input")))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """By the answer's own word: events, or one object."""
        kind = headers.get("content-type", "").lower()
        if "event-stream" in kind or (asked.stream and "json" not in kind):
            return TypedStream(Events(), _TYPES, _streamed)
        return ObjectAnswer(_told, _WANTED, _written)

    def error(self, status: int, message: str, code: str) -> bytes:
        """As Google's other operations."""
        return google_error(status, message, code)


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """What an interaction's usage reports; None if that is nothing.

    Thoughts are output beside the answer; what tools fed back is input beside the prompt.
    """
    prompt, answer = _modalities(usage, "input", "tool_use"), _modalities(usage, "output")
    tools = {
        str(tool.get("type")): n
        for tool in _objects(usage.get("grounding_tool_count"))
        if (n := count(tool.get("count"))) is not None
    }
    others = [n for name, n in tools.items() if name != "google_search"]
    found = Usage(
        input_tokens=_sum(usage, "total_input_tokens", "total_tool_use_tokens"),
        cache_read_tokens=count(usage.get("total_cached_tokens")),
        output_tokens=_sum(usage, "total_output_tokens", "total_thought_tokens"),
        reasoning_tokens=count(usage.get("total_thought_tokens")),
        input_audio_tokens=prompt.get("audio"),
        input_image_tokens=prompt.get("image"),
        input_video_tokens=prompt.get("video"),
        cache_audio_read_tokens=_modalities(usage, "cached").get("audio"),
        output_audio_tokens=answer.get("audio"),
        output_image_tokens=answer.get("image"),
        web_searches=tools.get("google_search"),
        tool_calls=sum(others) if others else None,
    )
    return found if found != _NOTHING else None


_NOTHING = Usage()


def _streamed(report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read. Usage is of the whole, wherever it stands."""
    kind = text(event, "event_type") or ""
    ends = "error" in event or (kind.startswith("interaction.") and kind not in _GOES_ON)
    told = _told(part(event, "interaction"))
    total = usage_of(part(part(event, "metadata"), "total_usage"))
    return replace(
        report,
        usage=told.usage or total or report.usage,
        model=told.model or report.model,
        tier=told.tier or report.tier,
        id=told.id or report.id,
        error=_error(event) or told.error or report.error,
        complete=report.complete or ends,
    )


def _told(interaction: Mapping[str, Any]) -> Report:
    status = text(interaction, "status")
    return Report(
        usage=usage_of(part(interaction, "usage")),
        model=_model(interaction),
        tier=text(interaction, "service_tier"),
        id=text(interaction, "id"),
        error=_error(interaction) or (status if status in _FAILED else None),
    )


def _error(source: Mapping[str, Any]) -> str | None:
    if not source.get("error"):
        return None
    error = part(source, "error")
    return text(error, "status", 64) or text(error, "code", 64) or "error"


def _model(source: Mapping[str, Any]) -> str | None:
    name = text(source, "model") or text(source, "agent")
    return name.removeprefix("models/") if name else None


def _written(interaction: Mapping[str, Any]) -> Iterator[object]:
    """What the model wrote: outputs are what older answers call their steps."""
    for step in (*_objects(interaction.get("steps")), *_objects(interaction.get("outputs"))):
        if step.get("type") != "user_input":
            yield from (step.get(name) for name in ("summary", "content", "text"))
            yield {"args": step["arguments"]} if "arguments" in step else None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    yield from (v for v in (value if isinstance(value, list) else ()) if isinstance(v, dict))


def _sum(usage: Mapping[str, Any], *keys: str) -> int | None:
    known = [n for key in keys if (n := count(usage.get(key))) is not None]
    return sum(known) if known else None


def _modalities(usage: Mapping[str, Any], *kinds: str) -> dict[str, int]:
    """The tokens of each modality, over the lists of these kinds."""
    found: dict[str, int] = {}
    for kind in kinds:
        for entry in _objects(usage.get(f"{kind}_tokens_by_modality")):
            if (n := count(entry.get("tokens"))) is not None:
                modality = str(entry.get("modality")).lower()
                found[modality] = found.get(modality, 0) + n
    return found
