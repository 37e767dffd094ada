"""Reads a request's body, of any dialect, as the conversation that it shows to the model."""

from collections.abc import Mapping
from typing import Any

from tollway.inspection.attachment import attachment
from tollway.inspection.conversation import Conversation, Turn
from tollway.inspection.mended import mended
from tollway.inspection.tools import tools
from tollway.inspection.turns import turns
from tollway.wire.counts import part
from tollway.wire.request_body import LARGEST, parsed

type Members = tuple[tuple[str, str], ...]
"""Which members are read, in this order, and whose they are where they do not say so."""

_CHAT: Members = (("system", "system"), ("messages", "user"), ("prompt", "user"))
_TEXTS: Members = (
    ("query", "user"),
    ("input", "user"),
    ("inputs", "user"),
    ("texts", "user"),
    ("documents", "documents"),
)
_INSTANCES: Members = (("instances", "user"),)
_AMAZON: Members = (("inputText", "user"), ("inputImage", "user"), ("singleEmbeddingParams", "user"))
_DRAWN: Members = (("image", "user"), ("image[]", "user"), ("images", "user"), ("mask", "user"))
_SOUND: Members = (("prompt", "user"), ("file", "user"), ("file_url", "user"))

READS: dict[str, Members] = {
    "openai_chat": _CHAT,
    "openai_completions": (("prompt", "user"), ("suffix", "suffix")),
    "openai_responses": (("instructions", "system"), ("prompt", "system"), ("input", "user")),
    "openai_embeddings": _TEXTS,
    "openai_decisions": (("input", "user"), ("questions", "questions")),
    "openai_images": (("prompt", "user"), *_DRAWN),
    "openai_speech": (("instructions", "system"), ("input", "user")),
    "openai_transcriptions": _SOUND,
    "openai_rerank": _TEXTS,
    "anthropic_messages": _CHAT,
    "gemini": (("systemInstruction", "system"), ("system_instruction", "system"), ("contents", "user")),
    "gemini_embeddings": (("content", "user"), ("requests", "user"), *_INSTANCES),
    "gemini_interactions": (("system_instruction", "system"), ("input", "user")),
    "gemini_images": _INSTANCES,
    "gemini_videos": _INSTANCES,
    "bedrock_converse": _CHAT,
    "bedrock_invoke": (*_CHAT, *_AMAZON, *_TEXTS),
    "ollama": _CHAT,
    "ollama_embeddings": (("input", "user"), ("prompt", "user")),
    "cohere_chat": (
        ("preamble", "system"), ("chat_history", "user"), ("messages", "user"), ("message", "user"),
        ("tool_results", "tool"), ("prompt", "user"), ("documents", "documents"),
    ),
    "cohere_meta": (*_TEXTS, ("examples", "examples"), ("text", "user"), ("images", "user")),
    "mistral_conversations": (("instructions", "system"), ("inputs", "user")),
    "mistral_ocr": (("document", "user"),),
    "mistral_transcription": _SOUND,
    "mistral_speech": (("input", "user"),),
    "mistral_moderation": _TEXTS,
    "voyage": _TEXTS,
    "perplexity_search": (("query", "user"),),
    "cloudflare_run": (*_CHAT, ("input", "user"), ("text", "user")),
}  # fmt: skip
"""By the dialect's name."""

CUT = "the request is no whole JSON object: this is what of it could be read"
_ANY: Members = tuple(dict.fromkeys(member for members in READS.values() for member in members))
_IMAGES = frozenset({"inputImage", *(name for name, _ in _DRAWN)})
_FILES = _IMAGES | {"file"}


def read_request(dialect: str | None, body: bytes | None, media_type: str = "") -> Conversation:
    """What the decoded body shows to the model. A dialect that is unknown is read by what the body has.

    Never raises: what can't be read is a remark. `media_type` is the request's content type: a form has its
    boundary there.
    """
    if not body:
        return Conversation()
    if len(body) > LARGEST:
        return Conversation(remarks=(f"the request is too long to be shown: {len(body):,} bytes",))
    found = parsed(body, media_type)
    remarks = () if found is not None else (CUT,)
    if found is None:
        found = mended(body)
    inner = part(found, "request") or found  # Code Assist has Gemini's in a wrapper
    said = tuple(
        turn
        for name, role in READS.get(dialect or "", _ANY)
        if name in inner
        for turn in _said(name, inner, role)
    )
    return Conversation(said, tools(inner), remarks)


def _said(name: str, body: Mapping[str, Any], role: str) -> tuple[Turn, ...]:
    value = body[name]
    if name in _FILES and not isinstance(value, list):
        kind = "image" if name in _IMAGES else "file"
        return (Turn(role, (attachment(kind, value),)),)
    return turns(value, role)
