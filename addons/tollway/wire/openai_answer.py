"""What the readers of OpenAI's formats share: what one message of an answer tells, and which kind it is."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire import copilot_usage
from tollway.wire.counts import text
from tollway.wire.dialect import Reader
from tollway.wire.openai_usage import cost_nano
from tollway.wire.strings import strings
from tollway.wire.whole_json import LIMIT, WholeJson

Tell = Callable[[Report, Mapping[str, Any]], Report]
"""What is known, once a message of the answer was read, too."""

_WANTED = (
    "id", "model", "model_id", "service_tier", "usage", "usage_breakdown", "copilot_usage",
    "tool_usage", "tools", "error", "object", "type",
)  # fmt: skip
"""What the dialects read of an answer, and so what is looked for in one that is too long to be parsed."""

_ERROR_TYPE = re.compile(r"[\w.-]{1,64}")


class Answer:
    """One answer: an object if it opens with a brace, else a stream, whatever its content type claims."""

    def __init__(self, stream: Callable[[], Reader], whole: Callable[[], Reader]) -> None:
        self._stream, self._whole = stream, whole
        self._reader: Reader | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._reader is None:
            opening = data.lstrip(b" \t\r\n")[:1]
            if not opening:
                return
            self._reader = self._whole() if opening == b"{" else self._stream()
        self._reader.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        return Report() if self._reader is None else self._reader.report()

    def delivered(self) -> bytes:
        """The texts that came so far."""
        return b"" if self._reader is None else self._reader.delivered()


class Whole:
    """Reads an answer that is one object."""

    def __init__(self, tell: Tell, texts: str, limit: int = LIMIT) -> None:
        self._tell, self._texts = tell, texts
        self._body = WholeJson(_WANTED, limit)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        return replace(self._tell(Report(), self._body.object()), complete=self._body.complete())

    def delivered(self) -> bytes:
        """The texts that came so far."""
        return "".join(strings(self._body.object().get(self._texts))).encode("utf-8", "replace")


def told(report: Report, message: Mapping[str, Any], usage: Usage | None, cost: Mapping[str, Any]) -> Report:
    """The report with what a message says of itself; what it leaves out stays as it was."""
    billed = copilot_usage.cost_nano(message) if "copilot_usage" in message else cost_nano(cost)
    return replace(
        report,
        usage=report.usage if usage is None else usage,
        model=text(message, "model") or text(message, "model_id") or report.model,
        tier=text(message, "service_tier") or text(cost, "service_tier") or report.tier,
        cost_nano=report.cost_nano if billed is None else billed,
        id=text(message, "id") or report.id,
        error=error_type(message) or report.error,
    )


def error_type(message: Mapping[str, Any]) -> str | None:
    """The type of the error that a message is or carries, or its code; "error" if it has neither."""
    error = message.get("error")
    if not error:
        if "error" not in (message.get("object"), message.get("type")):
            return None
        error = message
    if not isinstance(error, dict):
        return "error"
    for name in (error.get("type"), error.get("code")):
        if name != "error" and _ERROR_TYPE.fullmatch(str(name or "")):
            return str(name)
    return "error"


def parsed(data: bytes) -> Mapping[str, Any]:
    """The object; an empty one if the bytes are none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
