"""Bedrock's InvokeModel and InvokeModelWithResponseStream: the body is in the format of the model."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Usage
from tollway.wire import bedrock_request as request
from tollway.wire.bedrock_error import error
from tollway.wire.bedrock_invoke_answer import InvokeStream, InvokeWhole
from tollway.wire.counts import first, part, text
from tollway.wire.dialect import Reader
from tollway.wire.openai_answer import Answer
from tollway.wire.strings import strings

DOCUMENTS = 100
"""Documents that are ranked for the price of one query: https://aws.amazon.com/bedrock/pricing/"""

_READ = (
    "system", "tools", "toolConfig", "messages", "prompt", "inputText", "inputPrompt", "message", "preamble",
    "chat_history", "documents", "query", "texts", "inputs", "singleEmbeddingParams", "textToImageParams",
    "text_prompts",
)  # fmt: skip
"""The members of a request that a model reads, whichever model's format it is."""


class BedrockInvoke:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: the path has the model, and decides on the stream."""
        return Asked(
            model=endpoint.model,
            stream=bool(endpoint.stream),
            max_output_tokens=request.max_output(body, request.INVOKE),
            tier=text(body, "service_tier"),
            session=request.session(body),
            billed=_billed(endpoint.operation, body),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What the model reads."""
        return strings(*(body.get(name) for name in _READ))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        return Answer(lambda: InvokeStream(endpoint, headers), lambda: InvokeWhole(endpoint, asked, headers))

    def error(self, status: int, message: str, code: str) -> bytes:
        """AWS's shape."""
        return error(status, message, code)


def _billed(operation: str, body: Mapping[str, Any]) -> Usage | None:
    """Images to draw, one if the request does not say; queries of documents to rank."""
    if operation == "images":
        drawn = first(part(body, "imageGenerationConfig"), "numberOfImages")
        drawn = first(body, "samples") if drawn is None else drawn
        return Usage(images=1 if drawn is None else drawn)
    if operation == "rerank":
        documents = body.get("documents")
        number = len(documents) if isinstance(documents, list) else 0
        return Usage(requests=max(1, -(-number // DOCUMENTS)))
    return None
