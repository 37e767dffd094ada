"""Gemini's embedContent and batchEmbedContents, and Vertex's predict of embedding models."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import first, part, text
from tollway.wire.dialect import Reader
from tollway.wire.gemini import google_error
from tollway.wire.gemini_usage import tier_of, usage_of
from tollway.wire.strings import strings
from tollway.wire.whole_json import WholeJson


class GeminiEmbeddings:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: only the path says it."""
        return Asked(model=endpoint.model)

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What is to be embedded."""
        requests = body.get("requests")
        contents = (
            [r.get("content") for r in requests if isinstance(r, dict)] if isinstance(requests, list) else []
        )
        return strings(body.get("content"), *contents, body.get("instances"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one JSON object."""
        return EmbeddingsWhole()

    def error(self, status: int, message: str, code: str) -> bytes:
        """As `Gemini.error`."""
        return google_error(status, message, code)


class EmbeddingsWhole:
    """Reads an answer. Newer models report their input; older ones of the Gemini API nothing at all."""

    def __init__(self) -> None:
        self._body = WholeJson(("usageMetadata", "predictions", "metadata", "error"))

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        body = self._body.object()
        metadata = part(body, "usageMetadata")
        error = (text(part(body, "error"), "status", 64) or "error") if body.get("error") else None
        return Report(
            usage=_input(metadata) or _predicted(body),
            tier=tier_of(metadata),
            complete=self._body.complete(),
            error=error,
        )

    def delivered(self) -> bytes:
        """Nothing: vectors are no texts."""
        return b""


def _input(metadata: Mapping[str, Any]) -> Usage | None:
    used = usage_of({**metadata, "totalTokenCount": None})  # it would tell of an output of zero
    return used


def _predicted(body: Mapping[str, Any]) -> Usage | None:
    """What Vertex's predict reports: tokens for each text, and for older models the characters it bills."""
    predictions = body.get("predictions")
    counts = [
        n
        for prediction in (predictions if isinstance(predictions, list) else ())
        if isinstance(prediction, dict) and (n := _tokens(prediction)) is not None
    ]
    characters = first(part(body, "metadata"), "billableCharacterCount")
    if not counts and characters is None:
        return None
    return Usage(input_tokens=sum(counts) if counts else None, characters=characters)


def _tokens(prediction: Mapping[str, Any]) -> int | None:
    return first(part(part(prediction, "embeddings"), "statistics"), "token_count", "tokenCount")
