"""Mistral's moderations and classifications, which cost what their input does."""

from collections.abc import Iterable, Mapping
from typing import Any

from tollway.model import Asked, Endpoint, Report
from tollway.wire.counts import part, text
from tollway.wire.dialect import Reader
from tollway.wire.mistral_error import error
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import told
from tollway.wire.openai_usage import usage_of
from tollway.wire.strings import strings


class MistralModeration:
    """The dialect. Its answers mostly report no usage: then the input is estimated."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return Asked(model=text(body, "model"))

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Texts, or chats, by either name."""
        return strings(body.get("input"), body.get("inputs"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader of one object."""
        return ObjectAnswer(_told, ("id", "model", "usage", "object", "error"))

    def error(self, status: int, message: str, code: str) -> bytes:
        """Mistral's shape."""
        return error(status, message, code)


def _told(answer: Mapping[str, Any]) -> Report:
    usage = part(answer, "usage")
    return told(Report(), answer, usage_of(usage), usage)
