"""Cohere's chat, of both versions, and the generate that came before it."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint
from tollway.wire.cohere_answer import TYPES, WANTED, stream_told, texts, told
from tollway.wire.cohere_error import error
from tollway.wire.counts import count, text
from tollway.wire.dialect import Reader
from tollway.wire.framing import EventsOrLines
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.session import plain
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream

_READS = (
    "preamble", "chat_history", "message", "messages", "tools", "tool_results", "prompt", "response_format",
)  # fmt: skip


class CohereChat:
    """The dialect. Its answers name no model, and always report their usage."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(
            model=text(body, "model"),
            stream=body.get("stream") is True,
            max_output_tokens=count(body.get("max_tokens")),
            session=plain(body.get("conversation_id")),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Messages, documents, tools; of the first version also preamble, history and the tools' results."""
        return strings(*(body.get(name) for name in _READS), *_documents(body))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A stream where one was asked for, and an object else: the first version's stream may be lines."""
        if not asked.stream:
            return ObjectAnswer(told, WANTED, texts)
        return TypedStream(EventsOrLines(), TYPES, stream_told)

    def error(self, status: int, message: str, code: str) -> bytes:
        """Cohere's shape."""
        return error(status, message, code)


def _documents(body: Mapping[str, Any]) -> Iterable[object]:
    """What the caller wants cited: texts, or objects that have theirs in `data`."""
    documents = body.get("documents")
    for document in documents if isinstance(documents, list) else ():
        yield document.get("data", document) if isinstance(document, dict) else document
