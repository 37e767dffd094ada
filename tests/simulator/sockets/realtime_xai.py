"""The events of xAI's realtime: OpenAI's, but where xAI leaves out, adds and bends something."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from tests.simulator.dialects.dialect import CREATED, NUMBER
from tests.simulator.scenario import Scenario
from tests.simulator.sockets import realtime_openai
from tests.simulator.sockets.realtime import Spoken
from tests.simulator.sockets.session import Said
from tests.simulator.usage import literal

ID = "00000000-0000-4000-" + NUMBER
UNTOLD = "unimplemented"
"""What it says of a status, whatever that is."""


def session(model: str) -> dict[str, Any]:
    """Voices are not told from silence before the client asks for it."""
    return {
        "id": NUMBER, "object": "realtime.session", "instructions": "", "voice": "ara", "tools": [],
        "modalities": ["audio"], "turn_detection": {"type": None}, "model": model,
        "max_response_output_tokens": "inf",
    }  # fmt: skip


def begins(session: Said) -> Iterable[Said]:
    """The session, the conversation, and a ping of its own, which is a message."""
    conversation = {"id": ID, "object": "realtime.conversation"}
    return [
        _event("session.created", session=session),
        _event("conversation.created", conversation=conversation),
        _event("ping", timestamp=CREATED * 1000),
    ]


def item(item: Mapping[str, Any]) -> Iterable[Said]:
    """It is there."""
    return [_event("conversation.item.added", item=item)]


def written(model: str, seconds: int, scenario: Scenario) -> Iterable[Said]:
    """What was said so far, again and again; no usage."""
    kind = "conversation.item.input_audio_transcription."
    yield _event(kind + "updated", transcript="Hello")
    yield _event(kind + "completed", transcript="Hello", status="in_progress")
    yield _event(kind + "completed", transcript="Hello.", status="completed")


def answer(spoken: Spoken, written: Iterable[Said]) -> Iterator[Said]:
    """Behind what was written down."""
    yield from written
    for event in realtime_openai.answer(spoken, ()):
        if event["type"] in ("response.created", "response.done"):
            yield _turned(event, spoken)
        elif event["type"] not in ("conversation.item.done", "rate_limits.updated"):
            yield _named(event)


def cancelled(spoken: Spoken, why: str) -> Said:
    """The end of a response that was cancelled."""
    return _turned(realtime_openai.cancelled(spoken, why), spoken)


def _turned(event: Said, spoken: Spoken) -> Said:
    """The usage is beside the response, which has an empty one."""
    response = event["response"]
    short = {key: response[key] for key in ("object", "output", "status")}
    about = {"response": {"id": ID, **short, "status_details": UNTOLD, "usage": {}}}
    if event["type"] == "response.created":
        return _event("response.created", **about)
    usage = _usage(spoken)
    return _event("response.done", **about, response_id=ID, **({} if usage is None else {"usage": usage}))


def _usage(spoken: Spoken) -> dict[str, Any] | orjson.Fragment | None:
    usage = spoken.scenario.usage
    if usage is None or usage.raw is not None:
        return literal(usage)
    counted: Any = realtime_openai.usage_of(usage)
    for side in ("input_token_details", "output_token_details"):
        told = counted[side]
        counted[side] = {
            "text_tokens": told["text_tokens"],
            "audio_tokens": told["audio_tokens"],
            "grok_tokens": 0,
        }
    seconds = spoken.scenario.socket.seconds
    return {**counted, "output_audio_seconds": seconds * 1.5, "billable_audio_seconds": seconds}


def _event(kind: str, **about: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": ID, **about, "previous_item_id": None}


def _named(event: Said) -> dict[str, Any]:
    """With the response's id as xAI makes them."""
    named = {"response_id": ID} if "response_id" in event else {}
    return {**event, **named, "previous_item_id": None}
