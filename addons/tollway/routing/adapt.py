"""What of a request a target model is known to refuse, where it only tunes the answer: it is left out.

Sources: https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting (which kinds of
thinking each model refuses), .../mid-conversation-system-messages (Opus 4.8 and later), and what the SDKs of
others leave out (sampling, refused from Opus 4.7 on); https://developers.openai.com/api/docs/guides/reasoning;
https://ai.google.dev/gemini-api/docs/thinking (levels from Gemini 3 on, budgets before).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tollway.routing.abilities import THINKING, abilities_of
from tollway.wire.counts import part

Changes = Mapping[str, Any]
"""Top-level members by their new values; None: the member is taken out."""

_CLAUDE = re.compile(r"claude-", re.IGNORECASE)
_BEFORE_4_6 = re.compile(
    r"claude-(?:[123][.-]|instant|(?:opus|sonnet|haiku)-4(?:[-.][015](?!\d)|-20|[@:]|\Z))", re.IGNORECASE
)
"""Claude models that refuse adaptive thinking; effort, too, but for Opus 4.5."""
_4_6 = re.compile(r"claude-(?:opus|sonnet)-4[-.]6(?!\d)", re.IGNORECASE)
_4_7 = re.compile(r"claude-(?:opus|sonnet)-4[-.]7(?!\d)", re.IGNORECASE)
_ALWAYS_THINKS = re.compile(r"claude-(?:fable|mythos|(?:opus|sonnet)-5[-.]5(?!\d))", re.IGNORECASE)
_SAMPLING = ("temperature", "top_p", "top_k")
_REASONS = re.compile(r"(?:.*/)?(?:o\d|gpt-(?:[5-9]|\d\d))(?!.*chat)", re.IGNORECASE)
_REASONS_NOT = re.compile(r"(?:.*/)?(?:gpt-[34]|chatgpt-4|gpt-5[.\d]*-chat)", re.IGNORECASE)
_GEMINI_BEFORE_2_5 = re.compile(r"(?:.*/)?gemini-(?:1|2\.0)", re.IGNORECASE)
_GEMINI_2_5 = re.compile(r"(?:.*/)?gemini-2\.5", re.IGNORECASE)


def adapted(dialect: str, model: str, body: Mapping[str, Any], same_provider: bool) -> Changes | str:
    """What has to change in the body for this model; a text: what it refuses that can't be left out.

    `same_provider`: the provider is still the one that the caller wrote the request for.
    """
    adapt = _DIALECTS.get(dialect)
    return {} if adapt is None else adapt(model, body, same_provider)


def dropped_betas(model: str) -> tuple[str, ...]:
    """How the names of Anthropic's beta features begin that this model refuses: the long context."""
    long = not _BEFORE_4_6.search(model) or "sonnet-4" in model.lower()
    return () if long else ("context-1m-",)


def _anthropic(model: str, body: Mapping[str, Any], same_provider: bool) -> Changes | str:
    is_claude = _CLAUDE.search(model) is not None
    old = _BEFORE_4_6.search(model) is not None or not (is_claude and same_provider)
    kind = part(body, "thinking").get("type")
    if is_claude and not old and not _4_6.search(model) and kind == "enabled":
        return f"thinking: {model} takes no budget of thoughts"
    if _ALWAYS_THINKS.search(model) and kind == "disabled":
        return f"thinking: {model} can't do without"
    changes: dict[str, Any] = {}
    if (old and kind == "adaptive") or ("thinking" in body and _thinks_not(model)):
        changes |= {"thinking": None, **without_clearing(body)}
    if old and "effort" in part(body, "output_config"):
        changes["output_config"] = _without(part(body, "output_config"), "effort")
    if is_claude and not old and not _4_6.search(model):
        changes |= {name: None for name in _SAMPLING if name in body}
    if old or _4_6.search(model) or _4_7.search(model):
        changes |= _without_system(body, "thinking" in changes)
    return changes


def without_clearing(body: Mapping[str, Any]) -> Changes:
    """The clearing of old thoughts presumes thinking."""
    management = part(body, "context_management")
    edits = management.get("edits")
    if not isinstance(edits, list):
        return {}
    kept = [e for e in edits if not str(_member(e, "type")).startswith("clear_thinking_")]
    if len(kept) == len(edits):
        return {}
    return {"context_management": {**management, "edits": kept} if kept else None}


def _without_system(body: Mapping[str, Any], thoughtless: bool) -> Changes:
    """The system's messages amid the others become the user's, as older programs send them.

    Thoughts are bound to all that stands before them: they go if that changes and the model does not think.
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or all(_member(m, "role") != "system" for m in messages):
        return {}
    changed = [{**m, "role": "user"} if _member(m, "role") == "system" else m for m in messages]
    if thoughtless:
        changed = [m for m in map(_thoughtless, changed) if _member(m, "content") != []]
    return {"messages": changed}


def _thoughtless(message: Any) -> Any:
    content = _member(message, "content")
    if not isinstance(content, list):
        return message
    kept = [block for block in content if _member(block, "type") not in ("thinking", "redacted_thinking")]
    return {**message, "content": kept}


def _openai_chat(model: str, body: Mapping[str, Any], same_provider: bool) -> Changes | str:
    if _REASONS.match(model):
        names = ("temperature", "top_p", "presence_penalty", "frequency_penalty")
        changes: dict[str, Any] = {name: None for name in names if name in body}
        if body.get("max_tokens") is not None:
            most = body.get("max_completion_tokens")
            changes |= {
                "max_tokens": None,
                "max_completion_tokens": body["max_tokens"] if most is None else most,
            }
        return changes
    if _REASONS_NOT.match(model):
        return {name: None for name in ("reasoning_effort", "verbosity") if name in body}
    return {"reasoning_effort": None} if "reasoning_effort" in body and _thinks_not(model) else {}


def _openai_responses(model: str, body: Mapping[str, Any], same_provider: bool) -> Changes | str:
    if _REASONS.match(model):
        return {name: None for name in ("temperature", "top_p") if name in body}
    if not (_REASONS_NOT.match(model) or _thinks_not(model)):
        return {}
    items = body.get("input")
    if isinstance(items, list) and any(_member(item, "type") == "reasoning" for item in items):
        return f"input: {model} reads no reasoning"
    changes: dict[str, Any] = {"reasoning": None} if "reasoning" in body else {}
    if "verbosity" in part(body, "text"):
        changes["text"] = _without(part(body, "text"), "verbosity")
    include = body.get("include")
    if isinstance(include, list) and "reasoning.encrypted_content" in include:
        changes["include"] = [name for name in include if name != "reasoning.encrypted_content"] or None
    return changes


def _gemini(model: str, body: Mapping[str, Any], same_provider: bool) -> Changes | str:
    before, budgets = _GEMINI_BEFORE_2_5.match(model) or _thinks_not(model), _GEMINI_2_5.match(model)
    if "gemini-" in model and not before and not budgets and _unsigned_call(body):
        return f"contents: {model} wants the signature of each call of a function"
    changes: dict[str, Any] = {}
    for name in ("generationConfig", "generation_config"):
        config = part(body, name)
        for key in ("thinkingConfig", "thinking_config"):
            if before and key in config:
                changes[name] = config = _without(config, key) or {}
            elif budgets and (level := _LEVELS & part(config, key).keys()):
                changes[name] = config = {**config, key: _without(config[key], *level) or {}}
    return changes


def _thinks_not(model: str) -> bool:
    """Whether the model is known not to think, whoever hosts it: it answers all the same."""
    return THINKING in abilities_of("", model).lacks


_LEVELS = frozenset({"thinkingLevel", "thinking_level"})
_SIGNATURES = frozenset({"thoughtSignature", "thought_signature"})
_CALLS = frozenset({"functionCall", "function_call"})


def _unsigned_call(body: Mapping[str, Any]) -> bool:
    """Whether none of a turn's calls carries the signature that models from Gemini 3 on ask for.

    Of calls side by side only the first has one.
    """
    contents = body.get("contents")
    for content in contents if isinstance(contents, list) else []:
        parts = _member(content, "parts")
        keys = [set(p) for p in parts if isinstance(p, dict)] if isinstance(parts, list) else []
        calls = [k for k in keys if k & _CALLS]
        if calls and not calls[0] & _SIGNATURES:
            return True
    return False


def _without(source: Mapping[str, Any], *keys: str) -> dict[str, Any] | None:
    """The object without these members; None if that leaves nothing."""
    return {key: value for key, value in source.items() if key not in keys} or None


def _member(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


_DIALECTS: Mapping[str, Callable[[str, Mapping[str, Any], bool], Changes | str]] = {
    "anthropic_messages": _anthropic,
    "openai_chat": _openai_chat,
    "openai_responses": _openai_responses,
    "gemini": _gemini,
}
