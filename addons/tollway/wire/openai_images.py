"""OpenAI's Images: made, edited, varied; what others that draw speak, too."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from tollway.model import Asked, Endpoint, Usage
from tollway.wire import openai_request as request
from tollway.wire.assumed import Assumed
from tollway.wire.counts import text
from tollway.wire.dialect import Reader
from tollway.wire.form_values import flag, number
from tollway.wire.openai_answer import Answer
from tollway.wire.openai_error import error
from tollway.wire.openai_image_answer import ImageAnswer, image_stream
from tollway.wire.strings import strings


class OpenAIImages:
    """The dialect. An answer has tokens, or nothing but its images: then each of them is billed."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request, JSON or a form, asks for: one image unless it says how many."""
        return Asked(
            model=request.model(endpoint, body),
            stream=flag(body, "stream"),
            tier=text(body, "service_tier"),
            session=request.session(body),
            billed=Usage(images=number(body, "n") or 1),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """What is to be drawn."""
        return strings(body.get("prompt"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        images = asked.billed.images if asked.billed else None
        return Assumed(Answer(image_stream, partial(ImageAnswer, images or 1)), asked.billed)

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)
