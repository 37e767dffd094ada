"""Tools that the caller runs, and which of them the model has to use."""

from collections.abc import Mapping
from typing import Any

from tollway.translation.names import shortened
from tollway.translation.refused import Refused, a_list, a_string, an_object, check_members

_MEMBERS = (
    "type", "name", "description", "input_schema", "strict", "allowed_callers", "cache_control",
    "defer_loading", "eager_input_streaming",
)  # fmt: skip
"""The last three tune what is shown when, and what is cached."""
_KINDS = (None, "custom")
_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def functions(body: Mapping[str, Any]) -> dict[str, Any]:
    """Tools, and the choice among them, as members of a Chat request. Raises `Refused`."""
    tools = a_list("tools", body.get("tools"))
    if not tools:
        return {}
    return {"tools": [_function(an_object("tools", tool)) for tool in tools], **_choice(body)}


def _function(tool: Mapping[str, Any]) -> dict[str, Any]:
    if tool.get("type") not in _KINDS:
        raise Refused(f"tools: {tool['type']} is the provider's own")
    check_members("tools: ", tool, _MEMBERS)
    if tool.get("allowed_callers") not in (None, ["direct"]):
        raise Refused("tools: allowed_callers names others than the model")
    function: dict[str, Any] = {"name": shortened(a_string("tools: name", tool.get("name")))}
    if tool.get("description") is not None:
        function["description"] = tool["description"]
    function["parameters"] = an_object("tools: input_schema", tool.get("input_schema"))
    if tool.get("strict") is not None:
        function["strict"] = tool["strict"]
    return {"type": "function", "function": function}


def _choice(body: Mapping[str, Any]) -> dict[str, Any]:
    if body.get("tool_choice") is None:
        return {}
    choice = an_object("tool_choice", body["tool_choice"])
    check_members("tool_choice.", choice, ("type", "name", "disable_parallel_tool_use"))
    kind = choice.get("type")
    chosen: dict[str, Any] = {}
    if kind == "tool":
        name = shortened(a_string("tool_choice.name", choice.get("name")))
        chosen["tool_choice"] = {"type": "function", "function": {"name": name}}
    elif isinstance(kind, str) and kind in _CHOICES:
        chosen["tool_choice"] = _CHOICES[kind]
    else:
        raise Refused(f"tool_choice: {kind} is not known")
    if choice.get("disable_parallel_tool_use") is True:
        chosen["parallel_tool_calls"] = False
    return chosen
