"""What the members of each dialect's requests mean to the cache, as data. What is not here is not cached.

`ignored`: members that say nothing of the answer, each with what its provider's document says of it. All
others count, those that nobody knows included. `effects`: members that, if they say anything, have an effect
or refer to state at the provider, so that the call is not cached; each with what they do. `only`: members
that have to say exactly this. `tools`: where the tools stand; `client`: patterns of their types (or, where
tools have none, their members) that the client runs, others being the provider's.
"""

from collections.abc import Mapping

from msgspec import Struct

STORES = "the provider stores its answer"
SEARCHES = "the provider searches the web first"
RUNS = "the provider runs tools"
REFERS = "it goes on from what the provider has stored"
LATER = "its answer comes later"
EXPIRES = "its answer refers to what the provider keeps for a while"


class Meaning(Struct, frozen=True, kw_only=True):
    """One dialect's."""

    ignored: frozenset[str] = frozenset()
    effects: Mapping[str, str] = {}
    """Dots stand between the names of members on the way."""
    only: Mapping[str, tuple[object, str]] = {}
    tools: tuple[str, ...] = ("tools",)
    client: tuple[str, ...] = ()
    untyped: bool = True
    """Whether tools without a type are the client's."""
    failures: tuple[str, ...] = ()
    """How answers end that failed, though their status says otherwise."""
    ends: str = ""
    """The member that says how an answer ended."""


_OPENAI = frozenset({
    # "A stable identifier for your end-users. Used to boost cache hit rates by better bucketing similar
    # requests and to help OpenAI detect and prevent abuse." Chat's answers don't have it.
    "user",
    # "A stable identifier used to help detect users of your application that may be violating" policies.
    "safety_identifier",
    # "Used by OpenAI to cache responses for similar requests": prompts, that is, whose cache "does not
    # influence the generation of output tokens or the final response".
    "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options",
    # "16 key-value pairs that can be attached to an object": to stored completions, which are not cached.
    "metadata",
    # "The processing type used for serving the request": how fast, and at what price.
    "service_tier",
    # False or absent, else the call is not cached.
    "store",
})  # fmt: skip
_OTHERS_CHAT = frozenset({
    "request_id",     # Z.ai: "a unique identifier" of the request
    "cache_control",  # Anthropic's, at routers: where prompts are cached
})  # fmt: skip
_CLAUDE = Meaning(
    ignored=frozenset({
        # "An object describing metadata about the request": `user_id`, "an external identifier for the user",
        # which "Anthropic may use to help detect abuse".
        "metadata",
        # "Whether to use priority capacity or standard capacity."
        "service_tier",
        # "Prompt caching has no effect on output token generation."
        "cache_control",
    }),
    effects={
        "mcp_servers": RUNS, "container": REFERS, "thread": REFERS, "store": STORES,
    },
    client=("custom", "function", "bash_*", "text_editor_*", "computer_*", "browser_toolset_*", "memory_*"),
    ends="stop_reason",
)  # fmt: skip
_CHAT = Meaning(
    ignored=_OPENAI | _OTHERS_CHAT,
    effects={
        "store": STORES, "deferred": LATER, "background": LATER,
        "web_search_options": SEARCHES, "search_parameters": SEARCHES, "enable_search": SEARCHES,
        "web_search": SEARCHES, "search_settings": SEARCHES, "search_domain_filter": SEARCHES,
        "plugins": RUNS, "compound_custom": RUNS, "mcp_servers": RUNS, "agent_id": REFERS,
        "conversation_id": REFERS, "preset": REFERS,
        # Azure, on your data; and sounds, which later turns name by an id that expires.
        "data_sources": SEARCHES, "dataSources": SEARCHES, "audio": EXPIRES,
    },
    client=("function", "custom"),
    failures=("error",),
    ends="finish_reason",
)  # fmt: skip
_GEMINI = frozenset({
    "labels",        # "user-defined metadata for the request": for the bill
    "serviceTier", "service_tier",
    # Code Assist's, around the request: which one it is.
    "user_prompt_id", "requestId", "requestType", "userAgent",
})  # fmt: skip

DIALECTS: Mapping[str, Meaning] = {
    "openai_chat": _CHAT,
    "openai_completions": _CHAT,
    "openai_responses": Meaning(
        # Its answers have `metadata`, `user` and `safety_identifier`, so these count.
        ignored=frozenset({
            "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "service_tier", "store",
        }),
        effects={
            "previous_response_id": REFERS, "conversation": REFERS, "prompt": REFERS, "background": LATER,
            "background_options": LATER, "plugins": RUNS, "preset": REFERS, "session_id": REFERS,
        },
        # "Whether to store the generated model response for later retrieval": they are, by default.
        only={"store": (False, STORES)},
        client=(
            "function", "custom", "local_shell", "apply_patch", "computer", "computer_use_preview",
        ),
    ),
    "openai_embeddings": Meaning(ignored=frozenset({"user", "metadata"})),
    "openai_rerank": Meaning(ignored=frozenset({"user", "metadata"})),
    "openai_speech": Meaning(ignored=frozenset({"user"})),
    "anthropic_messages": _CLAUDE,
    "gemini": Meaning(
        ignored=_GEMINI,
        effects={
            "store": STORES, "request.store": STORES, "request.session_id": REFERS, "session_id": REFERS,
        },
        tools=("tools", "request.tools"),
        client=("functionDeclarations", "function_declarations", "computerUse", "computer_use"),
        untyped=False,
        failures=(
            "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE",
            "OTHER",
        ),
        ends="finishReason",
    ),
    "gemini_embeddings": Meaning(ignored=_GEMINI),
    "bedrock_converse": Meaning(
        # "Key-value pairs that you can use to filter invocation logs"; the tier as above.
        ignored=frozenset({"requestMetadata", "serviceTier"}),
        effects={"promptVariables": REFERS},
        tools=("toolConfig.tools",),
        client=("toolSpec", "cachePoint"),
        untyped=False,
        failures=("malformed_model_output", "malformed_tool_use"),
        ends="stopReason",
    ),
    "bedrock_invoke": Meaning(
        effects={"mcp_servers": RUNS, "container": REFERS},
        tools=("tools", "toolConfig.tools"),
        client=("custom", "function", "bash_*", "text_editor_*", "computer_*", "memory_*", "toolSpec"),
    ),
    # "Controls how long the model will stay loaded into memory following the request".
    "ollama": Meaning(ignored=frozenset({"keep_alive"}), client=("function",)),
    "ollama_embeddings": Meaning(ignored=frozenset({"keep_alive"})),
    "cohere_chat": Meaning(
        ignored=frozenset({"priority"}),  # "Controls how early the request is handled."
        effects={"connectors": SEARCHES, "conversation_id": REFERS},
        client=("function",),
        failures=("ERROR", "TIMEOUT"),
        ends="finish_reason",
    ),
    "cohere_meta": Meaning(ignored=frozenset({"priority"})),
    "mistral_moderation": Meaning(ignored=frozenset({"metadata"})),
    "mistral_ocr": Meaning(ignored=frozenset({"id"})),
    "mistral_speech": Meaning(ignored=frozenset({"metadata"})),
    "voyage": Meaning(),
}  # fmt: skip

OPERATIONS = frozenset(
    {"chat", "completion", "embeddings", "rerank", "moderation", "classify", "ocr", "speech"}
)
"""Those whose answer is all that they do."""

HEADERS = frozenset({
    "anthropic-version", "anthropic-beta", "openai-beta", "openai-version",
    "accept",                # of Bedrock and speech: in what format the answer comes; what it streams in
    "extra-parameters",      # Azure: what becomes of parameters that the model does not know
    "azureml-model-deployment",
    # By which a server in front may send it elsewhere, or take it for another.
    "forwarded", "x-forwarded-host", "x-forwarded-prefix", "x-host", "x-original-url", "x-rewrite-url",
    "x-http-method", "x-http-method-override", "x-method-override",
})  # fmt: skip
"""Headers that change answers. Others don't, but for those whose names have `beta` in them, or begin so."""
PREFIXES = (
    "x-amzn-bedrock-",
    # Gateways', that a policy's own providers may be.
    "cf-aig-", "helicone-", "x-litellm-", "x-openrouter-", "x-portkey-",
)  # fmt: skip
