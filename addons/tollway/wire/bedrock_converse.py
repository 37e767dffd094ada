"""Bedrock's Converse and ConverseStream: one format for every model."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint
from tollway.wire import bedrock_request as request
from tollway.wire.bedrock_converse_answer import ConverseStream, ConverseWhole
from tollway.wire.bedrock_error import error
from tollway.wire.counts import part, text
from tollway.wire.dialect import Reader
from tollway.wire.openai_answer import Answer
from tollway.wire.strings import strings


class BedrockConverse:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: the path has the model, and decides on the stream."""
        return Asked(
            model=endpoint.model,
            stream=bool(endpoint.stream),
            max_output_tokens=request.max_output(body, request.CONVERSE),
            tier=text(part(body, "serviceTier"), "type"),
            session=request.session(body),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """System prompt, tools, messages, and the format asked for."""
        return strings(*(body.get(name) for name in ("system", "toolConfig", "messages", "outputConfig")))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        return Answer(lambda: ConverseStream(headers), lambda: ConverseWhole(headers))

    def error(self, status: int, message: str, code: str) -> bytes:
        """AWS's shape."""
        return error(status, message, code)
