"""Mistral's conversations, which run its agents and their tools."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire.counts import count, part, text
from tollway.wire.dialect import Reader
from tollway.wire.framing import Events
from tollway.wire.mistral_error import error
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import error_type
from tollway.wire.strings import strings
from tollway.wire.typed_stream import TypedStream, types

_TYPES = types(
    "type",
    deltas="message.output.delta function.call.delta tool.execution.delta",
    written="content text arguments",
    telling="conversation.response.done conversation.response.error",
)
_ENDS = frozenset({"conversation.response.done", "conversation.response.error"})
_SEARCHES = frozenset({"web_search", "web_search_premium"})


class MistralConversations:
    """The dialect. An agent's model shows in its answer alone."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; where it goes on with a conversation, that has the model."""
        return Asked(
            model=text(body, "model"),
            stream=body.get("stream") is True,
            max_output_tokens=count(part(body, "completion_args").get("max_tokens")),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Instructions, tools and inputs; not what the provider has stored."""
        return strings(*(body.get(name) for name in ("instructions", "tools", "inputs")))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, as was asked; a refused stream is an object."""
        if asked.stream and "json" not in headers.get("content-type", "").lower():
            return TypedStream(Events(), _TYPES, _streamed, lambda report: report.model is not None)
        return ObjectAnswer(_told, ("outputs", "usage", "object", "error"), _written)

    def error(self, status: int, message: str, code: str) -> bytes:
        """Mistral's shape."""
        return error(status, message, code)


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """What a conversation's usage reports; None if that is nothing.

    What connectors fetch is read by the model: input, which the prompt leaves out and the total counts.
    """
    came = [n for key in ("prompt_tokens", "connector_tokens") if (n := count(usage.get(key))) is not None]
    runs = {name: n for name, value in part(usage, "connectors").items() if (n := count(value)) is not None}
    searched = [n for name, n in runs.items() if name in _SEARCHES]
    others = [n for name, n in runs.items() if name not in _SEARCHES]
    found = Usage(
        input_tokens=sum(came) if came else None,
        output_tokens=count(usage.get("completion_tokens")),
        web_searches=sum(searched) if searched else None,
        tool_calls=sum(others) if others else None,
    )
    return found if found != _NOTHING else None


_NOTHING = Usage()


def _streamed(report: Report, event: Mapping[str, Any]) -> Report:
    """What is known once this event was read: the last one has the usage, deltas the model."""
    kind = text(event, "type")
    failed = kind == "conversation.response.error"
    return replace(
        report,
        usage=usage_of(part(event, "usage")) or report.usage,
        model=text(event, "model") or report.model,
        id=report.id or text(event, "id"),
        error=error_type(event) or (f"{event.get('code')}"[:64] if failed else report.error),
        complete=report.complete or kind in _ENDS,
    )


def _told(answer: Mapping[str, Any]) -> Report:
    outputs = list(_outputs(answer))
    return Report(
        usage=usage_of(part(answer, "usage")),
        model=next((name for output in outputs if (name := text(output, "model"))), None),
        id=next((name for output in outputs if (name := text(output, "id"))), None),
        error=error_type(answer),
    )


def _written(answer: Mapping[str, Any]) -> Iterator[object]:
    for output in _outputs(answer):
        yield from (output.get("content"), output.get("arguments"))


def _outputs(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    outputs = answer.get("outputs")
    yield from (o for o in (outputs if isinstance(outputs, list) else ()) if isinstance(o, dict))
