"""A second reading of the recorded sockets, which knows nothing of the product: what each call used and cost.

Prices are typed in from the providers' pages, in USD per million tokens, or per minute of sound.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from tests.corpus.openai_counts import present


class Counted(NamedTuple):
    """One call."""

    operation: str
    model: str
    usage: dict[str, int]


TEXT_IN, CACHED, TEXT_OUT, SOUND_IN, SOUND_CACHED, SOUND_OUT = range(6)
TOKENS = {
    "gpt-realtime": ("4", "0.4", "16", "32", "0.4", "64"),
    "gpt-realtime-2.1": ("4", "0.4", "24", "32", "0.4", "64"),
    "gpt-4o-transcribe": ("2.5", "0", "10", "6", "0", "0"),
    "gemini-2.5-flash-native-audio-preview-09-2025": ("0.5", "0", "2", "3", "0", "12"),
    "gemini-live-2.5-flash": ("0.5", "0", "2", "3", "0", "12"),
    "gemini-3.1-flash-live-preview": ("0.75", "0", "4.5", "3", "0", "12"),
}
TYPED = Decimal("0.004")
"""Of xAI, for each message that was not spoken: https://docs.x.ai/developers/models/speech-to-speech"""
MINUTES = {
    "gpt-realtime-whisper": "0.017",
    "grok-voice-latest": "0.08",
    "grok-voice-think-fast-1.0": "0.05",
}


def calls(frames: list[dict[str, Any]]) -> list[Counted]:
    """The calls of a session that reported what they used, in the order in which they ended."""
    model, writer, found, typed = "", "", [], 0
    for frame in (f["data"] for f in frames):
        if frame.get("type") == "conversation.item.create":
            typed += frame["item"]["type"] == "message"
        if "setup" in frame:
            model = frame["setup"]["model"].split("/")[-1]
        if frame.get("type") in ("session.created", "session.updated"):
            session = frame["session"]
            # Azure's Voice Live names the kind of its deployment behind the model.
            model = session["model"].removesuffix("-global-standard")
            heard = session.get("input_audio_transcription") or (
                (session.get("audio") or {}).get("input", {}).get("transcription")
            )
            writer = heard["model"] if heard else writer
        found += list(_ended(frame, model, writer, typed))
        typed = 0 if frame.get("type") == "response.done" else typed
    return found


def nano(call: Counted) -> int:
    """What the call cost, in nano-dollars."""
    used = call.usage
    if call.model in MINUTES:
        sound = Decimal(MINUTES[call.model]) * used["seconds"] / 60
        return round((sound + TYPED * used.get("requests", 0)) * 10**9)
    rates = [Decimal(rate) * 1000 for rate in TOKENS[call.model]]
    heard, said = used.get("input_audio_tokens", 0), used.get("output_audio_tokens", 0)
    read, read_heard = used.get("cache_read_tokens", 0), used.get("cache_audio_read_tokens", 0)
    fresh_heard, fresh_text = heard - read_heard, used["input_tokens"] - heard - (read - read_heard)
    return round(
        fresh_text * rates[TEXT_IN]
        + (read - read_heard) * rates[CACHED]
        + fresh_heard * rates[SOUND_IN]
        + read_heard * rates[SOUND_CACHED]
        + (used["output_tokens"] - said) * rates[TEXT_OUT]
        + said * rates[SOUND_OUT]
    )


def _ended(frame: dict[str, Any], model: str, writer: str, typed: int) -> Iterator[Counted]:
    kind = frame.get("type")
    if kind == "response.done":
        usage = frame["response"]["usage"] or frame["usage"]
        requests = {"requests": typed} if "billable_audio_seconds" in usage else {}
        yield Counted("realtime", model, {**_openai(usage), **requests})
    elif kind == "conversation.item.input_audio_transcription.completed" and "usage" in frame:
        yield Counted("transcription", writer, _openai(frame["usage"]))
    elif "usageMetadata" in frame:
        yield Counted("realtime", model, _google(frame["usageMetadata"]))


def _openai(usage: dict[str, Any]) -> dict[str, int]:
    came, went = usage.get("input_token_details", {}), usage.get("output_token_details", {})
    return present(
        input_tokens=usage.get("input_tokens"),
        cache_read_tokens=came.get("cached_tokens"),
        cache_audio_read_tokens=came.get("cached_tokens_details", {}).get("audio_tokens"),
        input_audio_tokens=came.get("audio_tokens"),
        input_image_tokens=came.get("image_tokens"),
        output_tokens=usage.get("output_tokens"),
        output_audio_tokens=went.get("audio_tokens"),
        reasoning_tokens=went.get("reasoning_tokens"),
        seconds=usage.get("seconds", usage.get("billable_audio_seconds")),
    )


def _google(usage: dict[str, Any]) -> dict[str, int]:
    """Thoughts are billed as output, and are in neither the response nor the total."""
    came = {d["modality"]: d.get("tokenCount") for d in usage.get("promptTokensDetails", [])}
    details = usage.get("responseTokensDetails") or usage.get("candidatesTokensDetails") or []
    went = {d["modality"]: d.get("tokenCount") for d in details}
    thoughts = usage.get("thoughtsTokenCount")
    said = usage["responseTokenCount"] if "responseTokenCount" in usage else usage["candidatesTokenCount"]
    return present(
        input_tokens=usage["promptTokenCount"],
        input_audio_tokens=came.get("AUDIO"),
        output_tokens=said + (thoughts or 0),
        output_audio_tokens=went.get("AUDIO"),
        reasoning_tokens=thoughts,
    )
