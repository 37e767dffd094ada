"""What can't move has a reason; what can, has none."""

from typing import Any

import pytest

from tollway.model import Endpoint
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.routing.place import Place, place
from tollway.routing.resolve import Target
from tollway.routing.soundness import unsound

REGISTRY = load([{"name": "corp", "hosts": ["llm.corp.example"], "serves": [
    {"at": ["/v1"], "set": "openai"}, {"at": [""], "set": "anthropic"},
    {"at": ["/{version}"], "set": "gemini"},
]}])  # fmt: skip
URLS = {
    "anthropic": "api.anthropic.com/v1/messages",
    "chat": "api.openai.com/v1/chat/completions",
    "responses": "api.openai.com/v1/responses",
    "compact": "api.openai.com/v1/responses/compact",
    "completions": "api.openai.com/v1/completions",
    "embeddings": "api.openai.com/v1/embeddings",
    "images": "api.openai.com/v1/images/generations",
    "gemini": "generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent",
    "interactions": "generativelanguage.googleapis.com/v1beta/interactions",
    "converse": "bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-5/converse",
    "invoke": "bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-5/invoke",
    "run": "api.cloudflare.com/client/v4/accounts/a/ai/run/@cf/meta/llama-4",
}


def why(url: str, to: str, body: dict[str, Any], asked: str = "before", **more: Any) -> str | None:
    """Why a request can't go to a target that can serve it."""
    host, _, path = URLS[url].partition("/")
    now = recognise(REGISTRY, host, 443, "POST", "/" + path)
    assert now is not None
    provider, _, model = to.partition("/")
    there = place(REGISTRY, now, 443, "POST", "/" + path, Target(provider or now.provider, model))
    assert isinstance(there, Place), there
    return unsound(
        now, there, body, asked=now.model or asked, **{"signed": False, "subscription": False, **more}
    )


def test_what_can_be_said_in_another_dialect_is_for_the_translation_to_tell() -> None:
    """But what goes on from something stored, and what is too long, is not for it."""
    assert why("anthropic", "openai/m", {"mcp_servers": [{}], "messages": [SIGNED]}) is None
    assert why("anthropic", "openai/m", {"thread": "t"}) == "thread: it goes on from something stored"
    assert why("anthropic", "openai/m", {}, input_tokens=9, context=8) is not None
    assert why("anthropic", "openai/m", {}, signed=True) is not None


TEXT = {"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]}
SIGNED = {"role": "assistant", "content": [{"type": "thinking", "thinking": "", "signature": "Ep4"}]}
FOUND = {"role": "user", "content": [{"type": "web_search_tool_result", "content": []}]}
CALL = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"file_id": "a", "signature": "b"}}],
}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]}
TOOL = {"name": "f", "input_schema": {"properties": {"file_id": {"type": "string"}, "container": {}}}}
CLEARING = {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}
FUNCTION = {
    "type": "function",
    "function": {"name": "f", "parameters": {"properties": {"signature": {"a": 1}}}},
}
KEPT = {"store": False}

MOVES = [
    ("anthropic", {"messages": [TEXT, CALL, RESULT], "tools": [TOOL, {**TOOL, "type": "custom"}]}),
    ("anthropic", {"messages": [TEXT], "thinking": {"type": "adaptive"}, "context_management": CLEARING}),
    ("anthropic", {"messages": [TEXT], "metadata": {"user_id": "u", "signature": "x"}, "container": None}),
    ("chat", {"messages": [TEXT], "tools": [FUNCTION], "response_format": {"json_schema": {"file_id": "x"}}}),
    ("chat", {"messages": [{"content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]}),
    ("chat", {"messages": [{"role": "user", "content": "file_id"}], "store": False, "tools": [1]}),
    ("responses", {**KEPT, "input": "hi", "tools": [{"type": "function", "name": "f"}]}),
    ("responses", {**KEPT, "input": [TEXT, {"type": "function_call", "arguments": "{}"}, "x"]}),
    ("completions", {"prompt": "hi", "max_tokens": 9}),
    ("gemini", {"contents": [{"parts": [{"functionCall": {"args": {"file_uri": "x"}}}]}],
                "tools": [{"functionDeclarations": [{"parameters": {"type": "OBJECT"}}]}]}),
]  # fmt: skip


@pytest.mark.parametrize(("url", "body"), MOVES)
def test_what_is_of_the_format_alone_moves_anywhere(url: str, body: dict[str, Any]) -> None:
    """What callers make up, such as the schemas of their tools, is not looked into."""
    assert why(url, "corp/m", body) is None
    assert why(url, "/other", body) is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"signed": True}, "it is signed, and a signature covers what would change"),
        ({"subscription": True}, "a flat plan covers it"),
        ({"input_tokens": 200_001, "context": 200_000}, "it may be 200001 tokens long, and m reads 200000"),
    ],
)
@pytest.mark.parametrize("to", ["/m", "corp/m"])
def test_some_reasons_hold_for_each_target(to: str, more: dict[str, Any], reason: str) -> None:
    assert why("anthropic", to, {"messages": [TEXT]}, **more) == reason


PICTURE = {"role": "user", "content": [{"type": "image", "source": {"type": "base64", "data": "x"}}]}


@pytest.mark.parametrize("to", ["/m", "corp/m"])
def test_a_model_gets_no_tools_and_no_images_that_it_can_not_take(to: str) -> None:
    """That it does not think is no reason: it answers without."""
    tools, picture = {"messages": [TEXT], "tools": [TOOL]}, {"messages": [PICTURE]}
    thoughts = {"messages": [TEXT], "thinking": {"type": "adaptive"}}
    lacks = frozenset({"tools", "images", "thinking"})

    assert why("anthropic", to, tools, lacks=lacks) == "it has tools, and m calls none"
    assert why("anthropic", to, picture, lacks=lacks) == "it shows images, and m sees none"
    assert why("anthropic", to, thoughts, lacks=lacks) is None
    assert why("anthropic", to, tools, lacks={"images"}) is None
    assert why("anthropic", to, picture, lacks={"tools"}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"input_tokens": 200_000, "context": 200_000},
        {"input_tokens": 10**9},
        {"context": 1},
    ],
)
def test_a_number_that_suffices_or_is_not_known_is_in_nobody_s_way(more: dict[str, Any]) -> None:
    assert why("anthropic", "/m", {"messages": [TEXT]}, **more) is None


def test_a_flat_plan_s_host_is_left_alone() -> None:
    """Whatever the credential is."""
    now = recognise(REGISTRY, "chatgpt.com", 443, "POST", "/backend-api/codex/responses")
    assert now is not None
    there = Place(
        endpoint=now, port=443, path="/", model="m", in_path=False, same_host=False, same_provider=False
    )

    assert unsound(now, there, {}, asked="x", signed=False, subscription=False) == "a flat plan covers it"


@pytest.mark.parametrize(
    ("url", "to", "body", "reason"),
    [
        ("responses", "/m", {"previous_response_id": "resp_1"}, "previous_response_id: it goes on from"),
        ("responses", "/m", {"conversation": {"id": "conv_1"}}, "conversation: it goes on from"),
        ("responses", "/m", {"prompt": {"id": "pmpt_1"}}, "prompt: it goes on from something stored"),
        ("responses", "/m", {"background": True}, "background: its answer is fetched later"),
        ("responses", "/m", {"input": [{"type": "item_reference", "id": "x"}]}, "item_reference: it goes on"),
        ("gemini", "/gemini-3-flash", {"cachedContent": "cachedContents/x"}, "cachedContent: it goes on"),
        ("gemini", "/gemini-3-flash", {"cached_content": "cachedContents/x"}, "cached_content: it goes on"),
        ("interactions", "/m", {"previous_interaction_id": "v1"}, "previous_interaction_id: it goes on"),
        ("interactions", "/m", {"agent": "deep-research"}, "agent: it names no model"),
        ("anthropic", "/m", {"thread": {"type": "continue"}}, "thread: it goes on from something stored"),
        ("chat", "/m", {"models": ["a", "b"]}, "models: the provider chooses among them"),
        ("compact", "/m", {"input": "x"}, "compact: only the model that gave the answer can go on from it"),
        ("embeddings", "/m", {"input": "x"}, "embeddings of two models can't be compared"),
        ("converse", "/eu.meta.llama4", {"additionalModelRequestFields": {"top_k": 1}}, "additionalModelReq"),
        ("invoke", "/us.meta.llama4-8b", {}, "the body is in the format of its model's maker"),
        ("invoke", "/arn:aws:bedrock:x", {}, "the body is in the format of its model's maker"),
        ("invoke", "/arn:aws:bedrock:x/y", {}, "the body is in the format of its model's maker"),
        ("run", "/@cf/qwen/qwen-4", {}, "the body is in the format of its model's maker"),
    ],
)  # fmt: skip
def test_what_is_bound_to_a_model_or_of_unknown_length_moves_nowhere(
    url: str, to: str, body: dict[str, Any], reason: str
) -> None:
    """Not to another model of the same provider either."""
    found = why(url, to, body)

    assert found is not None
    assert found.startswith(reason)


@pytest.mark.parametrize(
    ("url", "to", "body"),
    [
        ("anthropic", "/m", {"messages": [SIGNED, FOUND], "tools": [{"type": "web_search_20250305"}]}),
        (
            "anthropic",
            "/m",
            {"messages": [], "container": "c", "context_management": {"edits": [{"type": "x"}]}},
        ),
        ("responses", "/m", {"input": [{"type": "reasoning", "encrypted_content": "x"}]}),
        ("responses", "/m", {"input": [{"type": "input_file", "file_id": "f"}], "tools": [{"type": "mcp"}]}),
        ("chat", "/m", {"prompt": "x", "web_search_options": {}}),
        ("converse", "/eu.meta.llama4", {"messages": []}),
        ("invoke", "/global.anthropic.claude-haiku-4-5", {"messages": []}),
        ("invoke", "/anthropic.claude-haiku-4-5", {"messages": []}),
        ("run", "/@cf/meta/llama-3", {}),
        ("images", "/m", {"prompt": "a cat"}),
        ("embeddings", "/before", {"input": "x"}),
        ("embeddings", "corp/before", {"input": "x"}),
    ],
)
def test_another_model_of_the_provider_can_read_what_the_first_left(
    url: str, to: str, body: dict[str, Any]
) -> None:
    """Thoughts, too: those that a model can't read are dropped there. One model embeds alike everywhere."""
    assert why(url, to, body) is None


@pytest.mark.parametrize(
    ("url", "body", "reason"),
    [
        ("anthropic", {"messages": [SIGNED]}, "signature: thoughts of the first provider's"),
        (
            "anthropic", {"messages": [{"role": "assistant", "content": [{"type": "redacted_thinking"}]}]},
            "redacted_thinking: thoughts of the first provider's",
        ),
        ("anthropic", {"messages": [FOUND]}, "web_search_tool_result: what a tool of the first"),
        (
            "anthropic", {"messages": [{"content": [{"type": "server_tool_use", "input": {}}]}]},
            "server_tool_use: its own tool of the first provider's",
        ),
        (
            "anthropic", {"messages": [{"content": [{"source": {"type": "file", "file_id": "f"}}]}]},
            "file_id: a file of the first provider's",
        ),
        (
            "anthropic", {"messages": [], "tools": [{"type": "web_search_20250305"}]},
            "tools: web_search_20250305 is the provider's own",
        ),
        ("anthropic", {"messages": [], "tools": [{"type": "bash_20250124"}]}, "tools: bash_20250124 is the"),
        ("anthropic", {"container": "c"}, "container: not all that speak the format know it"),
        ("anthropic", {"mcp_servers": []}, "mcp_servers: not all that speak the format know it"),
        (
            "anthropic", {"context_management": {"edits": [{"type": "compact_20260112"}]}},
            "context_management: compact_20260112 is the provider's own",
        ),
        ("anthropic", {"context_management": {"edits": [1]}}, "context_management:  is the provider's own"),
        ("chat", {"messages": [], "store": True}, "store: its answer is to be kept"),
        ("chat", {"web_search_options": {}}, "web_search_options: not all that speak the format know it"),
        ("chat", {"messages": [{"reasoning_details": [{}]}]}, "reasoning_details: thoughts of the first"),
        ("chat", {"messages": [{"content": [{"file": {"file_id": "f"}}]}]}, "file_id: a file of the first"),
        ("responses", {"input": "hi"}, "store: a later call may go on from its answer"),
        ("responses", {**KEPT, "input": [{"encrypted_content": "x"}]}, "encrypted_content: thoughts of the"),
        ("responses", {**KEPT, "input": [{"type": "web_search_call"}]}, "input: web_search_call is the"),
        (
            "responses", {**KEPT, "tools": [{"type": "file_search", "vector_store_ids": ["v"]}]},
            "tools: file_search is the provider's own",
        ),
        ("gemini", {"contents": [{"parts": [{"thoughtSignature": "x"}]}]}, "thoughtSignature: thoughts of"),
        ("gemini", {"contents": [{"parts": [{"fileData": {"fileUri": "gs://x"}}]}]}, "fileUri: a file of"),
        ("gemini", {"tools": [{"googleSearch": {}}]}, "tools: googleSearch is the provider's own"),
        ("images", {"prompt": "a cat"}, "nothing says what other providers of openai_images take"),
    ],
)  # fmt: skip
def test_another_provider_gets_nothing_that_only_the_first_can_read_or_run(
    url: str, body: dict[str, Any], reason: str
) -> None:
    found = why(url, "corp/m", body)

    assert found is not None
    assert found.startswith(reason)


def test_an_answer_that_is_shown_again_is_asked_of_who_gave_it() -> None:
    now = Endpoint(kind="inference", provider="openai", host="h", operation="retrieve")  # type: ignore[arg-type]
    there = Place(
        endpoint=now, port=443, path="/", model="m", in_path=False, same_host=True, same_provider=True
    )

    found = unsound(now, there, {}, asked="x", signed=False, subscription=False)
    assert found == "retrieve: only the model that gave the answer can go on from it"


def test_what_a_program_sends_that_logs_in_itself_goes_nowhere_else() -> None:
    now = recognise(REGISTRY, "api.githubcopilot.com", 443, "POST", "/chat/completions")
    assert now is not None
    there = place(REGISTRY, now, 443, "POST", "/chat/completions", Target("openai", "gpt-5"))
    assert isinstance(there, Place)

    said = unsound(now, there, {}, asked="gpt-5", signed=False, subscription=False)

    assert said == "its program logs in there, and what that sends is never changed"
