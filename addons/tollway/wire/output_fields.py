"""Where a request says how much may be written, format by format and host by host: data."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from msgspec import Struct

from tollway.model import Asked, Endpoint

ANSWERS = frozenset({"chat", "completion"})
"""The operations that write text. Embeddings, ranks, sounds, images and compactions have no output maximum;
what Cohere's embeddings call `max_tokens` is of their input."""


class Place(Struct, frozen=True, kw_only=True):
    """An object of the request, and what the maximum is called there."""

    within: tuple[tuple[str, ...], ...] = ()
    """The objects around it, the outermost first, each with its spellings."""
    names: tuple[str, ...]
    """What the host goes by; the first is put where none of them has a value."""
    also: tuple[str, ...] = ()
    """What it may go by: lowered where it is there, never put."""
    is_put: bool = True
    """False: `names` are never put, either."""
    zero_is_none: bool = True
    """Whether a maximum of 0 may be taken for no maximum (Gemini, watsonx, Ollama do)."""


_OLD, _NEW, _RESPONSES = "max_tokens", "max_completion_tokens", "max_output_tokens"
_CHAT = Place(names=(_OLD,), also=(_NEW, _RESPONSES))
"""What is known of a host that speaks OpenAI's Chat, and of which nothing else is known."""
_CHAT_OLD = Place(names=(_OLD, _NEW), also=(_RESPONSES,))
_CHAT_NEW = Place(names=(_NEW, _OLD), also=(_RESPONSES,))

_OPENAI = frozenset({"openai", "azure", "azure-models"})
_RELAYS = frozenset({"openrouter", "github-models", "cloudflare-gateway", "vercel", "assemblyai"})
"""They serve OpenAI's models among others, and know both names."""
_KNOW_BOTH = frozenset({"gemini", "vertex", "fireworks"})
_PREFER_NEW = frozenset({"groq", "xai", "cerebras", "watsonx"})

_REFUSE_OLD = ("o1*", "o3*", "o4*", "gpt-5*", "gpt-6*", "codex*", "computer-use*")
"""OpenAI's reasoning models, which refuse `max_tokens`."""
_TAKE_OLD = (
    "gpt-3*", "gpt-4*", "chatgpt-4o*", "gpt-oss*", "deepseek*", "mistral*", "ministral*", "codestral*",
    "meta-*", "llama*", "phi*", "cohere*", "command*", "grok*", "kimi*", "qwen*", "jais*", "ai21*", "jamba*",
)  # fmt: skip
"""Older ones, and what Azure hosts of others. A name that is in neither list may be any deployment's."""

_TOP = (
    "max_tokens",
    "max_completion_tokens",
    "max_tokens_to_sample",
    "max_gen_len",
    "max_new_tokens",
    "maxTokens",
)
_NOVA = (("inferenceConfig",),)
_INVOKE: Mapping[str, Place] = {
    "*anthropic.claude*": Place(names=(_OLD,), also=_TOP),
    "*amazon.nova*": Place(within=_NOVA, names=("maxTokens", "max_new_tokens"), also=("max_tokens",)),
    "*amazon.titan-t*": Place(within=(("textGenerationConfig",),), names=("maxTokenCount",)),
    "*meta.llama*": Place(names=("max_gen_len",), also=_TOP),
    "*ai21.j2*": Place(names=("maxTokens",), also=_TOP),
    "*openai.gpt-*": Place(names=(_NEW, _OLD), also=_TOP),
    **{
        f"*{publisher}.*": Place(names=(_OLD,), also=_TOP)
        for publisher in (
            "mistral",
            "cohere",
            "ai21",
            "deepseek",
            "qwen",
            "writer",
            "minimax",
            "moonshot",
            "zai",
        )
    },
}
"""InvokeModel, by the model's name: each family has its own format.
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html"""
_OLD_CLAUDE = Place(names=("max_tokens_to_sample",), also=_TOP)

_PLACES: Mapping[str, tuple[Place, ...]] = {
    "openai_completions": (Place(names=(_OLD,), also=(_NEW, _RESPONSES)),),
    "openai_responses": (Place(names=(_RESPONSES,), also=(_OLD, _NEW)),),
    "anthropic_messages": (Place(names=(_OLD,), zero_is_none=False),),  # 0 only fills the cache
    "bedrock_converse": (
        Place(within=(("inferenceConfig",),), names=("maxTokens",)),
        Place(within=(("additionalModelRequestFields",),), names=_TOP, is_put=False),
        Place(within=(("additionalModelRequestFields",), *_NOVA), names=_TOP, is_put=False),
    ),
    "cohere_chat": (Place(names=(_OLD,)),),
    "ollama": (Place(within=(("options",),), names=("num_predict",)),),
    "mistral_conversations": (Place(within=(("completion_args",),), names=(_OLD,)),),
    "gemini_interactions": (Place(within=(("generation_config",),), names=(_RESPONSES,)),),
}
_GEMINI = (("generationConfig", "generation_config"),)
_GEMINI_NAMES = ("maxOutputTokens", "max_output_tokens")


def places(endpoint: Endpoint, asked: Asked, parsed: Mapping[str, Any]) -> tuple[Place, ...]:
    """Where this request's maximum stands, or is to be put; none where nothing can limit its answer."""
    if endpoint.operation not in ANSWERS:
        return ()
    match endpoint.dialect:
        case "openai_chat":
            return (_chat(endpoint.provider, asked.model),)
        case "bedrock_invoke":
            return _invoke(asked.model, parsed)
        case "gemini":
            wrapped = (("request",),) if isinstance(parsed.get("request"), dict) else ()  # Code Assist
            return (Place(within=wrapped + _GEMINI, names=_GEMINI_NAMES),)
        case "cloudflare_run":  # what has no messages may as well be an image's prompt
            return (_CHAT,) if "messages" in parsed or _OLD in parsed else ()
        case "gemini_interactions" if "model" not in parsed:  # an agent takes no generation_config
            return ()
    return _PLACES.get(endpoint.dialect, ())


def is_named(model: str | None, globs: tuple[str, ...]) -> bool:
    """Whether one of the globs means this model; what stands before the last slash does not matter."""
    name = (model or "").lower().rpartition("/")[2].removeprefix("ft:")
    return any(fnmatchcase(name, glob) for glob in globs)


def _chat(provider: str, model: str | None) -> Place:
    if provider in _OPENAI:
        return _CHAT_OLD if is_named(model, _TAKE_OLD) else _CHAT_NEW
    if provider in _RELAYS:
        return _CHAT_NEW if is_named(model, _REFUSE_OLD) else _CHAT_OLD
    if provider in _PREFER_NEW:
        return _CHAT_NEW
    return _CHAT_OLD if provider in _KNOW_BOTH else _CHAT


def _invoke(model: str | None, parsed: Mapping[str, Any]) -> tuple[Place, ...]:
    """By the model's name; an application's own profile hides it, but for what the body says of Claude."""
    if "anthropic_version" in parsed and "messages" in parsed:
        return (_INVOKE["*anthropic.claude*"],)
    name = (model or "").lower()
    for glob, place in _INVOKE.items():
        if fnmatchcase(name, glob):
            return (_OLD_CLAUDE,) if "claude" in glob and "messages" not in parsed else (place,)
    return ()
