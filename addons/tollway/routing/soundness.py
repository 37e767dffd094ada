"""Why a request can't move to another model, or to another provider: a reason for the ledger and the log.

To another model of the same provider goes all that the provider can still read there: files, containers,
thoughts, its own tools. To another provider goes only what is of the format as all speak it: the members of
FORMAT, tools that the caller runs, and content that the request itself carries. What can be said in another
dialect is for `translation` to tell.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tollway.model import Endpoint
from tollway.routing.abilities import IMAGES, TOOLS
from tollway.routing.contents import has_images, has_tools
from tollway.routing.place import Place
from tollway.wire.counts import part

SIGNED = "it is signed, and a signature covers what would change"
FLAT = "a flat plan covers it"
LOGGED_IN = "its program logs in there, and what that sends is never changed"
_STORED = frozenset({
    "previous_response_id", "conversation", "prompt_id", "conversation_id", "previous_interaction_id",
    "cachedContent", "cached_content", "thread",
})  # fmt: skip
"""Members that go on from something stored."""
_REGION = re.compile(r"\A(?:global|us|us-gov|eu|apac|au|ca|jp|mx)\.")
"""How the names of Bedrock's inference profiles begin."""
_ONCE = frozenset({"retrieve", "compact"})
"""Operations on one answer, or whose answer only the model that gave it can read."""

FORMAT: Mapping[str, frozenset[str]] = {
    "openai_chat": frozenset(
        "model messages stream stream_options max_tokens max_completion_tokens temperature top_p n stop"
        " presence_penalty frequency_penalty logit_bias logprobs top_logprobs seed user tools tool_choice"
        " parallel_tool_calls functions function_call response_format metadata store reasoning_effort"
        " verbosity prompt_cache_key safety_identifier service_tier".split()
    ),
    "openai_completions": frozenset(
        "model prompt suffix stream stream_options max_tokens temperature top_p n best_of stop echo logprobs"
        " presence_penalty frequency_penalty logit_bias seed user".split()
    ),
    "openai_responses": frozenset(
        "model input instructions tools tool_choice parallel_tool_calls text reasoning max_output_tokens"
        " stream stream_options store include metadata client_metadata temperature top_p top_logprobs"
        " truncation user safety_identifier service_tier prompt_cache_key".split()
    ),
    "openai_embeddings": frozenset("model input encoding_format dimensions user".split()),
    "anthropic_messages": frozenset(
        "model messages system max_tokens stream stop_sequences temperature top_p top_k metadata tools"
        " tool_choice thinking service_tier cache_control output_config context_management".split()
    ),
    "gemini": frozenset(
        "contents systemInstruction system_instruction tools toolConfig tool_config generationConfig"
        " generation_config safetySettings safety_settings".split()
    ),
    "ollama": frozenset("model messages tools format stream options think prompt suffix system".split()),
}
"""The members of each dialect that its other speakers know, or leave unread."""

_CLIENT_TOOLS = frozenset({None, "function", "custom"})
"""Types of tools that the caller runs; Gemini's have none."""
_GEMINI_TOOLS = frozenset({"functionDeclarations", "function_declarations"})
_ITEMS = frozenset({
    None, "message", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output",
})  # fmt: skip
"""Items of a Responses input that any provider reads."""
_KEPT_THERE: Mapping[str, str] = {
    **dict.fromkeys(("file_id", "file_ids", "fileUri", "file_uri"), "a file"),
    **dict.fromkeys(("container", "container_id"), "a container"),
    **dict.fromkeys(("vector_store_ids",), "a vector store"),
    **dict.fromkeys(
        ("encrypted_content", "signature", "thoughtSignature", "thought_signature", "reasoning_details"),
        "thoughts",
    ),
}
"""Members, at any depth, whose value means something to the first provider only."""
_BLOCKS: Mapping[str, str] = {
    "redacted_thinking": "thoughts",
    "server_tool_use": "its own tool",
    "mcp_tool_use": "its own tool",
    "mcp_tool_result": "its own tool",
    "container_upload": "a container",
}
"""Types of blocks of which the same holds."""
_CALLERS = frozenset({
    "input_schema", "parameters", "parametersJsonSchema", "args", "arguments", "response", "responseSchema",
    "responseJsonSchema", "schema", "json_schema", "metadata", "client_metadata",
})  # fmt: skip
"""Members that hold what the caller made up, whose keys mean nothing here."""


def unsound(
    now: Endpoint,
    place: Place,
    body: Mapping[str, Any],
    *,
    asked: str | None,
    signed: bool,
    subscription: bool,
    input_tokens: int | None = None,
    context: int | None = None,
    lacks: Collection[str] = (),
) -> str | None:
    """Why this request can't go to that place; None: it can.

    `body`: its members. `asked`: the model that it names. `input_tokens`: what its input may come to;
    `context`: what the target reads at most. A number that is not known is in nobody's way. `lacks`: what the
    target can't do (`abilities`); that it does not think is no reason: then it answers without (`adapt`).
    """
    if signed:
        return SIGNED
    if subscription or now.is_untouched:
        return FLAT if subscription or now.subscription else LOGGED_IN
    return (
        unable(place.model, body, input_tokens, context, lacks)
        or of_its_operation(now.operation, place.model, asked)
        or _bound_to_its_model(now, place, body, asked)
        or _stored(now, body)
        or (None if place.same_provider or place.translated else _elsewhere(now, body))
    )


def unable(
    model: str,
    body: Mapping[str, Any],
    input_tokens: int | None,
    context: int | None,
    lacks: Collection[str],
) -> str | None:
    """Why the model can't take what is to be read or called; the rest is as of `unsound`."""
    if input_tokens is not None and context is not None and input_tokens > context:
        return f"it may be {input_tokens} tokens long, and {model} reads {context}"
    if TOOLS in lacks and has_tools(body):
        return f"it has tools, and {model} calls none"
    if IMAGES in lacks and has_images(body):
        return f"it shows images, and {model} sees none"
    return None


def of_its_operation(operation: str, model: str, asked: str | None) -> str | None:
    """Why only the model that was asked can do this."""
    if operation in _ONCE:
        return f"{operation}: only the model that gave the answer can go on from it"
    if operation == "embeddings" and model != asked:
        return "embeddings of two models can't be compared"
    return None


def _bound_to_its_model(
    now: Endpoint, place: Place, body: Mapping[str, Any], asked: str | None
) -> str | None:
    if now.dialect in ("bedrock_invoke", "cloudflare_run") and _maker(asked) != _maker(place.model):
        return "the body is in the format of its model's maker"
    if body.get("additionalModelRequestFields"):
        return "additionalModelRequestFields are for one model"
    if body.get("agent"):
        return "agent: it names no model"
    if body.get("models"):
        return "models: the provider chooses among them"
    return None


def _maker(model: str | None) -> str:
    """Who made a model: us.anthropic.claude-x -> anthropic, @cf/meta/llama -> @cf/meta. An ARN has none."""
    name = _REGION.sub("", model or "", count=1)
    if "/" in name:
        return name if name.startswith("arn:") else name.rpartition("/")[0]
    return name.partition(".")[0]


def _stored(now: Endpoint, body: Mapping[str, Any]) -> str | None:
    """What goes on from something stored is of unknown length, and may be one model's."""
    for key in () if _STORED.isdisjoint(body) else sorted(_STORED):
        if body.get(key):
            return f"{key}: it goes on from something stored"
    if body.get("prompt") and now.dialect == "openai_responses":
        return "prompt: it goes on from something stored"
    if body.get("background") is True:
        return "background: its answer is fetched later"
    if any(_is_reference(item) for item in _list(body, "input")):
        return "item_reference: it goes on from something stored"
    return None


def _is_reference(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "item_reference"


def _elsewhere(now: Endpoint, body: Mapping[str, Any]) -> str | None:
    """Why another provider can't take it."""
    known = FORMAT.get(now.dialect)
    if known is None:
        return f"nothing says what other providers of {now.dialect} take"
    for key in body:
        if key not in known and body[key] is not None:
            return f"{key}: not all that speak the format know it"
    return _kept(now, body) or _tools(now, body) or _managed(body) or _reads(body)


def _kept(now: Endpoint, body: Mapping[str, Any]) -> str | None:
    """The first provider keeps answers of Responses unless told not to, and later calls may name them."""
    if now.dialect == "openai_responses" and body.get("store") is not False:
        return "store: a later call may go on from its answer"
    return "store: its answer is to be kept" if body.get("store") is True else None


def _tools(now: Endpoint, body: Mapping[str, Any]) -> str | None:
    for tool in _list(body, "tools"):
        if not isinstance(tool, dict):
            continue
        own = set(tool) - _GEMINI_TOOLS if now.dialect == "gemini" else set()
        if own or tool.get("type") not in _CLIENT_TOOLS:
            return f"tools: {tool.get('type') or min(own)} is the provider's own"
    for item in _list(body, "input") if now.dialect == "openai_responses" else []:
        if isinstance(item, dict) and item.get("type") not in (*_ITEMS, "reasoning"):
            return f"input: {item.get('type')} is the provider's own"
    return None


def _managed(body: Mapping[str, Any]) -> str | None:
    """Only the clearing of thoughts can be left out: it goes along with thinking."""
    for edit in _list(part(body, "context_management"), "edits"):
        kind = str(edit.get("type")) if isinstance(edit, dict) else ""
        if not kind.startswith("clear_thinking_"):
            return f"context_management: {kind} is the provider's own"
    return None


def _reads(body: Mapping[str, Any]) -> str | None:
    """What only the first provider can read or run."""
    for key, value in _members(body):
        if key in _KEPT_THERE and value:
            return f"{key}: {_KEPT_THERE[key]} of the first provider's"
        if key == "type" and isinstance(value, str):
            if value in _BLOCKS:
                return f"{value}: {_BLOCKS[value]} of the first provider's"
            if value.endswith("_tool_result"):
                return f"{value}: what a tool of the first provider's found"
    return None


def _members(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """All members, at any depth, but for those within what the caller made up."""
    stack: list[Any] = [body]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key, inner
                if not (key in _CALLERS or (key == "input" and isinstance(inner, dict))):
                    stack.append(inner)
        elif isinstance(value, list):
            stack += value


def _list(source: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = source.get(key)
    return value if isinstance(value, list) else ()
