"""Ollama's own API, in its cloud and on anybody's machine: chat, generate, embed."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import orjson

from tollway.model import Asked, Endpoint
from tollway.wire.counts import count, part, text
from tollway.wire.dialect import Reader
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.ollama_answer import WANTED, ChatLines, tell, texts
from tollway.wire.strings import strings

_VECTORS = 64 * 1024
"""Bytes of embeddings that are parsed: the counts stand at either end."""


class Ollama:
    """The dialect of `/api/chat` and `/api/generate`."""

    reads: ClassVar[tuple[str, ...]] = ("system", "messages", "tools", "prompt", "suffix", "format")
    """The members of a request that the model reads."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: a stream, unless it says not to."""
        return Asked(
            model=text(body, "model"),
            stream=body.get("stream") is not False,
            max_output_tokens=count(part(body, "options").get("num_predict")),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Messages, tools, prompt, and the format asked for."""
        return strings(*(body.get(name) for name in self.reads))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """By the answer's own word: lines, or one object, as errors are; if it has none, as asked for."""
        content_type = headers.get("content-type", "").lower()
        whole = "json" in content_type and "ndjson" not in content_type
        if whole or ("ndjson" not in content_type and not asked.stream):
            return ObjectAnswer(tell, WANTED, texts)
        return ChatLines()

    def error(self, status: int, message: str, code: str) -> bytes:
        """`{"error": ...}`, as Ollama's clients raise it."""
        return orjson.dumps({"error": message, "code": code})


class OllamaEmbeddings(Ollama):
    """The dialect of `/api/embed`, and of `/api/embeddings`, which counts nothing."""

    reads: ClassVar[tuple[str, ...]] = ("input", "prompt")

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=text(body, "model"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return ObjectAnswer(tell, WANTED, limit=_VECTORS)
