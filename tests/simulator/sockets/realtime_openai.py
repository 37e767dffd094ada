"""The events of OpenAI's Realtime, in the order in which they come."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, NUMBER, Asked, texts
from tests.simulator.dialects.openai_error import error_object
from tests.simulator.scenario import Scenario
from tests.simulator.sockets.realtime import Spoken
from tests.simulator.sockets.session import Said
from tests.simulator.usage import Usage, literal

RESPONSE, ITEM, CONVERSATION = "resp_" + NUMBER, "item_" + NUMBER, "conv_simulated"
SOUND = b64encode(bytes(range(1, 241)) * 2).decode()
"""10 ms of a voice: PCM of 24 kHz and 16 bits."""
PCM = {"type": "audio/pcm", "rate": 24000}
DETECTION = {
    "type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200,
    "idle_timeout_ms": None, "create_response": True, "interrupt_response": True,
}  # fmt: skip
ENDS = {
    "stop": "completed",
    "length": "incomplete",
    "refusal": "incomplete",
    "failed": "failed",
    "error": "failed",
}
REASONS = {"length": "max_output_tokens", "refusal": "content_filter"}


def session(model: str) -> dict[str, Any]:
    """As it is without an update."""
    return {
        "type": "realtime", "object": "realtime.session", "id": "sess_" + NUMBER, "model": model,
        "output_modalities": ["audio"], "instructions": "You are a simulator.", "tools": [],
        "tool_choice": "auto", "max_output_tokens": "inf", "tracing": None, "truncation": "auto",
        "prompt": None, "expires_at": CREATED + 3600,
        "audio": {
            "input": {
                "format": PCM, "transcription": None, "noise_reduction": None, "turn_detection": DETECTION,
            },
            "output": {"format": PCM, "voice": "alloy", "speed": 1.0},
        },
        "include": None,
    }  # fmt: skip


def begins(session: Said) -> Iterable[Said]:
    """The session."""
    return [_event("session.created", session=session)]


def item(item: Mapping[str, Any]) -> Iterable[Said]:
    """It is there, and whole."""
    return [_event(f"conversation.item.{how}", previous_item_id=None, item=item) for how in ("added", "done")]


def written(model: str, seconds: int, scenario: Scenario) -> Iterable[Said]:
    """A delta, and all of it with what it used."""
    kind, usage = "conversation.item.input_audio_transcription.", scenario.usage or Usage()
    heard, said = usage.count("input_audio_tokens"), 9
    tokens = {
        "type": "tokens", "total_tokens": heard + said, "input_tokens": heard, "output_tokens": said,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
    }  # fmt: skip
    yield _event(kind + "delta", delta="Hello")
    used = {"type": "duration", "seconds": seconds} if seconds else tokens
    yield _event(kind + "completed", transcript="Hello.", usage=used)


def answer(spoken: Spoken, written: Iterable[Said]) -> Iterator[Said]:
    """The events of a response; those of the transcription come as it begins."""
    scenario = spoken.scenario
    yield _event("response.created", response=_response(spoken, "in_progress"))
    yield from written
    said = texts(Asked(), scenario)
    broken = scenario.finish in ("failed", "error")
    started, ended = (_item(spoken, "".join(said), done=done) for done in (False, True))
    yield _of("response.output_item.added", item=started)
    yield _event("conversation.item.added", previous_item_id=None, item=started)
    yield _part("response.content_part.added", part=_content(spoken, ""))
    for text in said[: len(said) // 2] if broken else said:
        yield from _deltas(spoken, text)
    if not broken:
        yield from _whole(spoken, "".join(said))
        yield _event("conversation.item.done", previous_item_id=None, item=ended)
        yield _of("response.output_item.done", item=ended)
    if scenario.finish == "error":
        yield _event("error", error={**error_object(scenario), "event_id": None})
    yield _event("response.done", response=_response(spoken, ENDS[scenario.finish]))
    if scenario.socket.limits:
        limit = {"name": "tokens", "limit": 15_000_000, "remaining": 14_999_371, "reset_seconds": 0.002}
        yield _event("rate_limits.updated", rate_limits=[limit])


def cancelled(spoken: Spoken, why: str) -> Said:
    """The end of a response that was cancelled. Its usage is billed."""
    return _event("response.done", response=_response(spoken, "cancelled", why))


def usage_of(usage: Usage | None) -> dict[str, Any] | orjson.Fragment | None:
    """`usage` of a response."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    came, went = usage.count("input_tokens"), usage.count("output_tokens")
    heard, seen = usage.count("input_audio_tokens"), usage.count("input_image_tokens")
    cached, spoke = usage.count("cache_read_tokens"), usage.count("output_audio_tokens")
    return {
        "total_tokens": came + went, "input_tokens": came, "output_tokens": went,
        "input_token_details": {
            "text_tokens": came - heard - seen, "audio_tokens": heard, "image_tokens": seen,
            "cached_tokens": cached,
            "cached_tokens_details": {"text_tokens": cached, "audio_tokens": 0, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": went - spoke, "audio_tokens": spoke},
    }  # fmt: skip


def _deltas(spoken: Spoken, text: str) -> Iterator[Said]:
    if spoken.text_only:
        yield _part("response.output_text.delta", delta=text)
        return
    yield _part("response.output_audio_transcript.delta", delta=text)
    yield _part("response.output_audio.delta", delta=SOUND)


def _whole(spoken: Spoken, text: str) -> Iterator[Said]:
    if spoken.text_only:
        yield _part("response.output_text.done", text=text)
    else:
        yield _part("response.output_audio.done")
        yield _part("response.output_audio_transcript.done", transcript=text)
    yield _part("response.content_part.done", part=_content(spoken, text))


def _response(spoken: Spoken, status: str, reason: str | None = None) -> dict[str, Any]:
    scenario, ended = spoken.scenario, status != "in_progress"
    said = "".join(texts(Asked(), scenario))
    return {
        "object": "realtime.response", "id": RESPONSE, "status": status,
        "status_details": _details(scenario, status, reason), "conversation_id": CONVERSATION,
        "output": [_item(spoken, said, done=True)] if status == "completed" else [],
        "output_modalities": ["text"] if spoken.text_only else ["audio"],
        "max_output_tokens": spoken.maximum, "audio": {"output": {"format": PCM, "voice": "alloy"}},
        "usage": usage_of(scenario.usage) if ended else None, "metadata": spoken.metadata,
    }  # fmt: skip


def _details(scenario: Scenario, status: str, reason: str | None) -> dict[str, Any] | None:
    if status == "failed":
        return {"type": status, "error": {"type": "server_error", "code": "server_error"}}
    reason = reason or (REASONS.get(scenario.finish) if status == "incomplete" else None)
    return {"type": status, "reason": reason} if reason else None


def _item(spoken: Spoken, text: str, *, done: bool) -> dict[str, Any]:
    kind, key = ("output_text", "text") if spoken.text_only else ("output_audio", "transcript")
    return {
        "id": ITEM, "type": "message", "status": "completed" if done else "in_progress", "role": "assistant",
        "content": [{"type": kind, key: text}] if done else [],
    }  # fmt: skip


def _content(spoken: Spoken, text: str) -> dict[str, str]:
    return {"type": "text", "text": text} if spoken.text_only else {"type": "audio", "transcript": text}


def _event(kind: str, **about: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": "event_" + NUMBER, **about}


def _of(kind: str, **about: Any) -> dict[str, Any]:
    return _event(kind, response_id=RESPONSE, output_index=0, **about)


def _part(kind: str, **about: Any) -> dict[str, Any]:
    return _of(kind, item_id=ITEM, content_index=0, **about)
