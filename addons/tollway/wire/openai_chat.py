"""OpenAI's Chat Completions, the format that most providers speak."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report
from tollway.wire import openai_request as request
from tollway.wire.counts import part, text
from tollway.wire.delivered import Delivered
from tollway.wire.dialect import Reader
from tollway.wire.groq_compound import with_compound
from tollway.wire.openai_answer import Answer, Tell, Whole, error_type, parsed, told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import usage_of
from tollway.wire.sse import EventStream
from tollway.wire.strings import strings

# What the model wrote, told by its key: quotes inside a string are escaped, so no text can have a key in it.
_WRITTEN = re.compile(
    rb'"(?:content|reasoning_content|reasoning|arguments|refusal|text|transcript|response)"\s*+:\s*+'
    rb'"((?:[^"\\]|\\.)[^"\\]*+(?:\\.[^"\\]*+)*+)"',
    re.DOTALL,
)
_USAGE = re.compile(rb'usage"\s*+:\s*+[^n]')  # and not null
_RARE = re.compile(rb'"(?:error|executed_tools)"')
_OPENING = 4  # chunks that are parsed at the start, for the model and the id: Azure's first has neither
_DONE = b"[DONE]"


class OpenAIChat:
    """The dialect."""

    reads: ClassVar[tuple[str, ...]] = ("messages", "tools", "functions", "response_format")
    """The members of a request that the model reads."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        stream = request.streams(endpoint, body)
        return Asked(
            model=request.model(endpoint, body),
            stream=stream,
            max_output_tokens=request.max_output(body),
            reports_usage=not stream or part(body, "stream_options").get("include_usage") is True,
            tier=text(body, "service_tier"),
            session=request.session(body),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Messages, tools and the format asked for."""
        return strings(*(body.get(name) for name in self.reads))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        tell = partial(_told, reasoning_extra="reasoning_extra" in endpoint.habits)
        return Answer(lambda: ChatStream(tell), lambda: Whole(tell, "choices"))

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


class ChatStream:
    """Reads a stream of chunks. Those that only carry text are not parsed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._events = EventStream()
        self._delivered = Delivered()
        self._report = Report()
        self._opening = _OPENING

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for _, chunk in self._events.feed(data):
            start = chunk.find(b'"delta"')
            end = chunk.find(b'"message"', start)  # all that was said so far, which Perplexity repeats
            texts = _WRITTEN.findall(chunk, start, end if end > 0 else len(chunk))
            for written in texts:
                self._delivered.add(written)
            if not texts or self._opening or _USAGE.search(chunk) or _RARE.search(chunk):
                self._report = report = self._after(chunk)
                self._opening = 0 if report.model and report.id else max(0, self._opening - 1)

    def report(self) -> Report:
        """What is known so far; a last chunk counts though no blank line has closed it."""
        rest = self._events.rest()
        return self._report if rest is None else self._after(rest[1])

    def delivered(self) -> bytes:
        """Texts, thoughts and the arguments of calls so far."""
        return self._delivered.text()

    def _after(self, chunk: bytes) -> Report:
        """The report once this chunk is read. The last one has no choices, or is an error, or says so."""
        if chunk == _DONE:
            return replace(self._report, complete=True)
        message = parsed(chunk)
        report = self._tell(self._report, message)
        ends = report.error is not None or (message.get("choices") == [] and bool(part(message, "usage")))
        return replace(report, complete=True) if ends or _is_last(message) else report


def _is_last(message: Mapping[str, Any]) -> bool:
    """Whether Perplexity says that this chunk is the last, in either of its modes."""
    return message.get("status") == "COMPLETED" or message.get("object") == "chat.completion.done"


def _told(report: Report, message: Mapping[str, Any], reasoning_extra: bool) -> Report:
    """Usage at the top or in Groq's own corner."""
    groq = part(message, "x_groq")
    usage = part(message, "usage") or part(groq, "usage")
    now = told(report, message, usage_of(usage, reasoning_extra), usage)
    if groq.get("error"):
        now = replace(now, error=error_type(groq))
    return with_compound(now, report, message)
