"""An Anthropic Messages request as one of OpenAI's Chat Completions."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tollway.model import Asked, Endpoint
from tollway.translation.effort import reasoning_effort
from tollway.translation.messages import messages
from tollway.translation.names import lengthened
from tollway.translation.refused import Refused, a_list, a_string, an_object, check_members
from tollway.translation.tools import functions
from tollway.wire.counts import part
from tollway.wire.output_fields import places

_MEMBERS = (
    "model", "messages", "system", "max_tokens", "stream", "stop_sequences", "temperature", "top_p", "tools",
    "tool_choice", "thinking", "output_config", "context_management", "metadata", "service_tier",
    "cache_control",
)  # fmt: skip
_OBJECTS = ("thinking", "output_config", "context_management", "metadata")
_STOPS = 4
"""Stop sequences that Chat takes."""
_TIERS = (None, "auto", "standard_only")
"""Both are of an account at Anthropic."""
_SIGNS_CALLS = re.compile(r"(?:.*/)?gemini-(?!1|2)", re.IGNORECASE)
"""Models that want a signature with each call that they made (`adapt`): Anthropic has no place for one."""


class Request(Struct, frozen=True, kw_only=True):
    """A request in its target's dialect."""

    members: Mapping[str, Any]
    tools: Mapping[str, str]
    """As `WayBack.tools`."""


def chat_request(body: Mapping[str, Any], endpoint: Endpoint, model: str) -> Request | str:
    """The request as this endpoint takes it for this model; a text: why it can't be translated."""
    try:
        return Request(members=_translated(body, endpoint, model), tools=lengthened(_tools(body)))
    except Refused as why:
        return str(why)


def _tools(body: Mapping[str, Any]) -> list[Any]:
    return a_list("tools", body.get("tools"))


def _translated(body: Mapping[str, Any], endpoint: Endpoint, model: str) -> dict[str, Any]:
    check_members("", body, _MEMBERS)
    _check(body)
    made: dict[str, Any] = {
        "model": model,
        "messages": messages(body, "nine_letter_ids" in endpoint.habits),
        **_maximum(body, endpoint, model),
        **functions(body),
        **{name: body[name] for name in ("temperature", "top_p") if body.get(name) is not None},
        **_stop(body),
        **_format(body),
    }
    if _SIGNS_CALLS.match(model) and any("tool_calls" in message for message in made["messages"]):
        raise Refused(f"messages: {model} wants the signature of each call of a function")
    if (effort := reasoning_effort(body, model, "tools" in made)) is not None:
        made["reasoning_effort"] = effort
    return made | _stream(body, endpoint)


def _check(body: Mapping[str, Any]) -> None:
    """Refuse what is in members that are left out, and does say something."""
    for name in _OBJECTS:
        if body.get(name) is not None:
            an_object(name, body[name])
    check_members("metadata.", part(body, "metadata"), ("user_id",))
    if body.get("service_tier") not in _TIERS:
        raise Refused(f"service_tier: {body['service_tier']} is not known")
    management = part(body, "context_management")
    check_members("context_management.", management, ("edits",))
    for edit in a_list("context_management.edits", management.get("edits")):
        kind = str(an_object("context_management.edits", edit).get("type"))
        if not kind.startswith("clear_thinking_"):
            raise Refused(f"context_management: {kind} is the provider's own")


def _maximum(body: Mapping[str, Any], endpoint: Endpoint, model: str) -> dict[str, Any]:
    """The output maximum, by the name that the host goes by."""
    if body.get("max_tokens") is None:
        return {}
    (place, *_) = places(endpoint, Asked(model=model), body)
    return {place.names[0]: body["max_tokens"]}


def _stop(body: Mapping[str, Any]) -> dict[str, Any]:
    stops = a_list("stop_sequences", body.get("stop_sequences"))
    if len(stops) > _STOPS:
        raise Refused(f"stop_sequences: OpenAI Chat takes {_STOPS}, and here are {len(stops)}")
    return {"stop": [a_string("stop_sequences", stop) for stop in stops]} if stops else {}


def _format(body: Mapping[str, Any]) -> dict[str, Any]:
    config = part(body, "output_config")
    check_members("output_config.", config, ("effort", "format"))
    if config.get("format") is None:
        return {}
    asked = an_object("output_config.format", config["format"])
    check_members("output_config.format.", asked, ("type", "schema"))
    if asked.get("type") != "json_schema":
        raise Refused(f"output_config.format: {asked.get('type')} is not known")
    schema = an_object("output_config.format.schema", asked.get("schema"))
    named = {"name": "answer", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _stream(body: Mapping[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Usage has to be asked for, of hosts that are known to take that."""
    if body.get("stream") is not True:
        return {}
    return {"stream": True} | ({"stream_options": {"include_usage": True}} if endpoint.ask_usage else {})
