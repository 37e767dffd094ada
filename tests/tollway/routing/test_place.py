"""A target's place is found over the table of providers, and is what was meant when it is recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.bound.capacity import LONGEST
from tollway.model import Endpoint
from tollway.providers.load import load
from tollway.providers.paths import filled
from tollway.providers.recognise import recognise
from tollway.providers.registry import Provider, Registry
from tollway.routing import place as place_module
from tollway.routing.place import Place, place
from tollway.routing.resolve import Target
from tollway.translation import INTO

REGISTRY = load()
OWN = load(
    [
        {"name": "acme-azure", "hosts": ["acme.openai.azure.com"], "keys": {"openai_chat": "api-key"},
         "serves": [{"at": ["/openai/v1"], "set": "openai"}]},
        {"name": "bare", "hosts": ["bare.corp.example:8000"],
         "paths": {"/v1/chat/completions": {"operation": "chat", "dialect": "openai_chat"}}},
        {"name": "named", "hosts": ["named.corp.example"],
         "paths": {
             "/d/{model}/chat/completions": {"operation": "chat", "dialect": "openai_chat"},
             "/files/**": "pass",
         }},
        {"name": "secret", "hosts": ["secret.corp.example"],
         "paths": {"/{tenant}/v1/messages": {"operation": "chat", "dialect": "anthropic_messages"}}},
        {"name": "groq", "hosts": ["groq.corp.example"],
         "paths": {"/rerank": {"operation": "rerank", "dialect": "openai_rerank"}}},
        {"name": "shadowed", "hosts": ["api.openai.com"],
         "paths": {"/own/messages": {"operation": "chat", "dialect": "anthropic_messages"}}},
        {"name": "odd", "hosts": ["odd.corp.example"],
         "paths": {
             "/m/{model~chat}": {"operation": "chat", "dialect": "openai_chat"},
             "/m/{model}": {"operation": "embeddings", "dialect": "openai_embeddings"},
         }},
    ]
)  # fmt: skip


def ask(url: str, to: str, registry: Registry = OWN) -> Place | str:
    host, _, path = url.partition("/")
    endpoint = recognise(registry, host, 443, "POST", "/" + path)
    assert endpoint is not None
    provider, _, model = to.partition("/")
    return place(registry, endpoint, 443, "POST", "/" + path, Target(provider, model))


def sure(url: str, to: str) -> Place:
    found = ask(url, to)
    assert isinstance(found, Place), found
    return found


VERTEX = "us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers"


@pytest.mark.parametrize(
    ("url", "model", "path"),
    [
        ("api.anthropic.com/v1/messages?beta=true", "claude-haiku-4-5", "/v1/messages"),
        ("api.openai.com/v1//chat/completions/", "gpt-5-mini", "/v1//chat/completions/"),
        (
            "generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse",
            "gemini-3-flash", "/v1beta/models/gemini-3-flash:streamGenerateContent",
        ),
        (
            "generativelanguage.googleapis.com/v1beta/models/gemini-3-pro%3AgenerateContent",
            "gemini-3-flash", "/v1beta/models/gemini-3-flash:generateContent",
        ),
        (
            "r.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=1",
            "my mini", "/openai/deployments/my%20mini/chat/completions",
        ),
        (
            "bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-4-8/converse-stream",
            "us.anthropic.claude-haiku-4-5-v1:0",
            "/model/us.anthropic.claude-haiku-4-5-v1:0/converse-stream",
        ),
        (
            "bedrock-runtime.us-east-1.amazonaws.com/model/arn%3Aaws%3Abedrock%3Ax%2Fa/converse",
            "arn:aws:bedrock:x/b", "/model/arn:aws:bedrock:x%2Fb/converse",
        ),
        (
            f"{VERTEX}/anthropic/models/claude-opus-5:streamRawPredict", "claude-haiku-4-5@20251001",
            "/v1/projects/p/locations/us-central1/publishers/anthropic/models/claude-haiku-4-5@20251001"
            ":streamRawPredict",
        ),
        (
            "api.cloudflare.com/client/v4/accounts/a%2Fb%20c/ai/run/@cf/meta/llama-4", "@cf/qwen/qwen-4",
            "/client/v4/accounts/a%2Fb%20c/ai/run/@cf/qwen/qwen-4",
        ),
    ],
)  # fmt: skip
def test_at_the_same_provider_only_the_model_changes(url: str, model: str, path: str) -> None:
    """In the path where it has one, else in the body; host and version stay."""
    host, _, asked = url.partition("/")
    before = recognise(OWN, host, 443, "POST", "/" + asked)
    assert before is not None
    found = sure(url, f"{before.provider}/{model}")

    assert (found.path, found.endpoint.host, found.port) == (path, host, 443)
    assert (found.same_host, found.same_provider, found.in_path) == (True, True, before.model is not None)
    assert found.endpoint.model == (model if found.in_path else None)
    assert found.endpoint.dialect == before.dialect


@pytest.mark.parametrize(
    ("url", "to", "address", "key"),
    [
        ("api.openai.com/v1/chat/completions", "groq/openai/gpt-oss-120b",
         "api.groq.com:443/openai/v1/chat/completions", "authorization"),
        ("api.openai.com/v1/chat/completions", "minimax/m3",
         "api.minimax.io:443/v1/chat/completions", "authorization"),
        ("api.openai.com/v1/chat/completions", "mistral/m",
         "api.mistral.ai:443/v1/chat/completions", "authorization"),
        ("api.openai.com/v1/completions", "mistral/m", "api.mistral.ai:443/v1/completions", "authorization"),
        ("api.openai.com/v1/chat/completions", "gemini/gemini-3-flash",
         "generativelanguage.googleapis.com:443/v1beta/openai/chat/completions", "authorization"),
        ("api.openai.com/v1/responses", "openrouter/openai/gpt-5",
         "openrouter.ai:443/api/v1/responses", "authorization"),
        ("api.openai.com/v1/chat/completions", "acme-azure/mini",
         "acme.openai.azure.com:443/openai/v1/chat/completions", "api-key"),
        ("api.openai.com/v1/chat/completions", "bare/m",
         "bare.corp.example:8000/v1/chat/completions", "authorization"),
        ("api.openai.com/v1/chat/completions", "named/my model",
         "named.corp.example:443/d/my%20model/chat/completions", "authorization"),
        ("r.openai.azure.com/openai/deployments/gpt-5/chat/completions", "openai/gpt-5",
         "api.openai.com:443/v1/chat/completions", "authorization"),
        ("api.anthropic.com/v1/messages", "deepseek/deepseek-chat",
         "api.deepseek.com:443/anthropic/v1/messages", "authorization"),
        ("api.anthropic.com/v1/messages", "openrouter/anthropic/claude-opus-5",
         "openrouter.ai:443/api/v1/messages", "authorization"),
        ("api.deepseek.com/anthropic/v1/messages", "anthropic/claude-haiku-4-5",
         "api.anthropic.com:443/v1/messages", "x-api-key"),
        (f"{VERTEX}/google/models/gemini-3-pro:generateContent", "gemini/gemini-3-flash",
         "generativelanguage.googleapis.com:443/v1beta/models/gemini-3-flash:generateContent",
         "x-goog-api-key"),
    ],
)  # fmt: skip
def test_another_provider_is_asked_at_its_first_host(url: str, to: str, address: str, key: str) -> None:
    """At the path that ends most like the one asked for, with the key in the header that it takes."""
    found = sure(url, to)

    assert f"{found.endpoint.host}:{found.port}{found.path}" == address
    assert (found.key_header, found.same_host, found.same_provider) == (key, False, False)
    assert found.endpoint.provider == to.partition("/")[0]


def test_a_row_of_a_known_name_takes_its_key_where_that_provider_does() -> None:
    rows = [
        {
            "name": "azure",
            "hosts": ["contoso.openai.azure.com"],
            "serves": [{"at": ["/openai/v1"], "set": "openai"}],
        }
    ]
    found = ask("api.openai.com/v1/chat/completions", "azure/mini", load(rows))

    assert isinstance(found, Place)
    assert (found.endpoint.host, found.key_header) == ("contoso.openai.azure.com", "api-key")


@pytest.mark.parametrize(
    ("url", "to", "why"),
    [
        ("api.openai.com/v1/chat/completions", "nobody/m", "no provider is called nobody"),
        ("api.openai.com/v1/chat/completions", "azure/m", "azure has a host for each customer or region"),
        ("api.openai.com/v1/chat/completions", "bedrock/m", "bedrock has a host for each customer or region"),
        ("api.openai.com/v1/chat/completions", "chatgpt/m", "a flat plan covers chatgpt"),
        ("api.openai.com/v1/responses", "chatgpt/m", "a flat plan covers chatgpt"),
        ("api.openai.com/v1/chat/completions", "vertex/m", "vertex has no path for openai_chat"),
        ("api.anthropic.com/v1/messages", "voyage/m", "voyage has no path for anthropic_messages (chat)"),
        ("api.anthropic.com/v1/messages", "odd/other",
         "at odd, other would be asked for something else than chat"),
        ("api.anthropic.com/v1/messages", "secret/m", "secret has no path for anthropic_messages (chat)"),
        ("api.anthropic.com/v1/messages", "shadowed/m", None),
        ("api.openai.com/v1/files", "groq/m", "nothing here reads it"),
        (f"{VERTEX}/anthropic/models/c:rawPredict", "anthropic/c", "anthropic has no path for"),
        ("api.openai.com/v1/chat/completions", "odd/other",
         "at odd, other would be asked for something else than chat"),
        ("bedrock-runtime.us-east-1.amazonaws.com/model/anthropic.c/invoke", "bedrock/cohere.embed-4",
         "at bedrock, cohere.embed-4 would be asked for something else than chat"),
        ("bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", "bedrock/..",
         "at bedrock, .. would be asked for something else than chat"),
    ],
)  # fmt: skip
def test_what_a_target_can_not_serve_has_a_reason(url: str, to: str, why: str | None) -> None:
    found = ask(url, to)

    if why is None:
        assert isinstance(found, Place)
    else:
        assert isinstance(found, str)
        assert found.startswith(why)


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("openai/gpt-5-mini", "api.openai.com:443/v1/chat/completions"),
        ("groq/openai/gpt-oss-120b", "api.groq.com:443/openai/v1/chat/completions"),
        ("bare/m", "bare.corp.example:8000/v1/chat/completions"),
        ("named/my model", "named.corp.example:443/d/my%20model/chat/completions"),
    ],
)
def test_who_does_not_speak_the_dialect_may_be_asked_in_another(to: str, address: str) -> None:
    """And what is said to the caller in the place of an answer stays in its own."""
    found = sure("api.anthropic.com/v1/messages?beta=true", to)

    assert f"{found.endpoint.host}:{found.port}{found.path}" == address
    assert (found.translated, found.betas, found.key_header) == (True, False, "authorization")
    assert (found.endpoint.dialect, found.endpoint.errors) == ("openai_chat", "anthropic_messages")
    assert (found.same_host, found.same_provider) == (False, False)


def test_a_path_of_the_same_dialect_goes_before_a_translation() -> None:
    """OpenRouter and DeepSeek speak both."""
    found = sure("api.anthropic.com/v1/messages", "openrouter/openai/gpt-5-mini")

    assert (found.path, found.translated) == ("/api/v1/messages", False)


def test_a_path_that_the_table_lost_has_no_other_model() -> None:
    """The endpoint is of an older table, say: nothing is guessed."""
    before = recognise(OWN, "named.corp.example", 443, "POST", "/d/m/chat/completions")
    assert before is not None

    for path in ("/elsewhere", "/files/x"):
        found = place(OWN, before, 443, "POST", path, Target("named", "n"))
        assert found == "named has no such path for another model"


def test_an_operator_s_row_goes_before_the_package_s_of_the_same_name() -> None:
    """The later one serves what the first does not."""
    assert sure("api.cohere.com/compatibility/v1/rerank", "groq/m").endpoint.host == "groq.corp.example"
    assert sure("api.openai.com/v1/chat/completions", "groq/m").endpoint.host == "api.groq.com"


def concrete(provider: Provider) -> list[tuple[str, str]]:
    """Host and path of each thing that a row serves, where no placeholder but the model's is left open."""
    if "{" in provider.row.hosts[0]:
        return []
    values = {"model": "some/model-1", "version": "v1beta"}
    pairs = zip(provider.acts.paths.patterns, provider.acts.rules, strict=True)
    return [
        (provider.row.hosts[0], path)
        for pattern, (rule, _) in pairs
        if rule.dialect and (path := filled(pattern, values)) is not None
    ]


SERVED = [served for provider in REGISTRY.providers for served in concrete(provider)]
NAMES = [provider.row.name for provider in REGISTRY.providers]
MODELS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(st.sampled_from(SERVED), st.sampled_from(NAMES), MODELS)
def test_a_place_is_recognised_as_what_was_asked_for(served: tuple[str, str], name: str, model: str) -> None:
    """Whatever the model's name holds: the same dialect and operation, at the provider that was named."""
    host, path = served
    before = recognise(REGISTRY, host, 443, "POST", path)
    assert before is not None
    found = place(REGISTRY, before, 443, "POST", path, Target(name, model))

    if isinstance(found, Place):
        seen = recognise(REGISTRY, found.endpoint.host, found.port, "POST", found.path)
        assert seen is not None
        assert replace(seen, errors=before.errors) == found.endpoint
        if found.translated:
            assert told(seen) == (name, INTO[before.dialect], "chat", None)
        else:
            assert told(seen) == (name, before.dialect, before.operation, before.stream)
        assert seen.model == (model if found.in_path else None)
        assert not seen.subscription
        assert "?" not in found.path
        assert "#" not in found.path


@pytest.mark.parametrize(("host", "path"), SERVED, ids=lambda part: part)
def test_each_row_s_own_paths_are_places_for_another_model(host: str, path: str) -> None:
    """But for flat plans, which nothing moves within, and models whose name decides what they do."""
    before = recognise(REGISTRY, host, 443, "POST", path)
    assert before is not None
    same = "some-model-2" if before.model is None else f"{before.model}-2"
    found = place(REGISTRY, before, 443, "POST", path, Target(before.provider, same))

    if before.subscription:
        assert found == f"a flat plan covers {before.provider}"
    elif before.kind == "inference":
        assert isinstance(found, Place)
        assert told(found.endpoint) == told(before)


def told(endpoint: Endpoint) -> tuple[str, str, str, bool | None]:
    return endpoint.provider, endpoint.dialect, endpoint.operation, endpoint.stream


def test_the_place_of_a_name_that_no_model_has_is_not_remembered() -> None:
    """A route that keeps the model's name has it from the client, who may send one of megabytes."""
    now = recognise(REGISTRY, "api.openai.com", 443, "POST", "/v1/chat/completions")
    assert now is not None
    place_module._place.cache_clear()

    for model in ("x" * (LONGEST + 1), "x" * LONGEST):
        found = place(REGISTRY, now, 443, "POST", "/v1/chat/completions", Target("groq", model))
        assert isinstance(found, Place)
        assert found.model == model
    assert place_module._place.cache_info().currsize == 1
