"""What a request is follows from its first line alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import is_anybodys, is_path_of_anybodys, owner, recognise

REGISTRY = load()


def ask(url: str, method: str = "POST", upgrade: bool = False, registry: Any = REGISTRY) -> Endpoint | None:
    host, _, path = url.partition("/")
    name, _, port = host.partition(":")
    return recognise(registry, name, int(port or 443), method, "/" + path, upgrade)


def sure(url: str, method: str = "POST", upgrade: bool = False) -> Endpoint:
    endpoint = ask(url, method, upgrade)
    assert endpoint is not None
    return endpoint


VERTEX = "us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"
INFERENCE = [
    # url, provider, operation, dialect, model, stream
    ("api.openai.com/v1/chat/completions", "openai", "chat", "openai_chat", None, None),
    ("api.openai.com/v1/responses", "openai", "chat", "openai_responses", None, None),
    ("api.openai.com/v1/responses/compact", "openai", "compact", "openai_responses", None, None),
    ("eu.api.openai.com/v1/embeddings", "openai", "embeddings", "openai_embeddings", None, None),
    ("api.openai.com/v1/completions", "openai", "completion", "openai_completions", None, None),
    ("my-res.openai.azure.com/openai/v1/responses", "azure", "chat", "openai_responses", None, None),
    (
        "r.openai.azure.com/openai/deployments/gpt%2D5/chat/completions?api-version=1",
        "azure", "chat", "openai_chat", "gpt-5", None,
    ),
    ("r.services.ai.azure.com/anthropic/v1/messages", "azure", "chat", "anthropic_messages", None, None),
    ("r.services.ai.azure.com/models/chat/completions", "azure", "chat", "openai_chat", None, None),
    ("api.anthropic.com/v1/messages?beta=true", "anthropic", "chat", "anthropic_messages", None, None),
    (
        "generativelanguage.googleapis.com/v1beta/models/gemini-3:streamGenerateContent?alt=sse",
        "gemini", "chat", "gemini", "gemini-3", True,
    ),
    (
        "generativelanguage.googleapis.com/v1beta/models/gemini-3%3AgenerateContent",
        "gemini", "chat", "gemini", "gemini-3", False,
    ),
    (
        "generativelanguage.googleapis.com/v1beta/models/e:batchEmbedContents",
        "gemini", "embeddings", "gemini_embeddings", "e", False,
    ),
    (
        "generativelanguage.googleapis.com/v1beta/openai/chat/completions",
        "gemini", "chat", "openai_chat", None, None,
    ),
    (f"{VERTEX}/publishers/google/models/g:generateContent", "vertex", "chat", "gemini", "g", False),
    (f"{VERTEX}/endpoints/123:streamGenerateContent", "vertex", "chat", "gemini", "123", True),
    (
        "aiplatform.googleapis.com/v1/publishers/google/models/g:generateContent",
        "vertex", "chat", "gemini", "g", False,
    ),
    (
        f"{VERTEX}/publishers/anthropic/models/claude-x@20260101:streamRawPredict",
        "vertex", "chat", "anthropic_messages", "claude-x@20260101", True,
    ),
    (f"{VERTEX}/publishers/mistralai/models/m:rawPredict", "vertex", "chat", "openai_chat", "m", None),
    (
        f"{VERTEX}/publishers/google/models/text-embedding-005:predict",
        "vertex", "embeddings", "gemini_embeddings", "text-embedding-005", False,
    ),
    (f"{VERTEX}/endpoints/openapi/chat/completions", "vertex", "chat", "openai_chat", None, None),
    ("cloudcode-pa.googleapis.com/v1internal:generateContent", "code-assist", "chat", "gemini", None, False),
    ("chatgpt.com/backend-api/codex/responses", "chatgpt", "chat", "openai_responses", None, None),
    ("router.huggingface.co/groq/openai/v1/responses", "huggingface", "chat", "openai_responses", None, None),
    (
        "router.huggingface.co/hf-inference/models/org/m/v1/chat/completions",
        "huggingface", "chat", "openai_chat", "org/m", None,
    ),
    ("api.deepseek.com/chat/completions", "deepseek", "chat", "openai_chat", None, None),
    ("api.deepseek.com/anthropic/v1/messages", "deepseek", "chat", "anthropic_messages", None, None),
    ("bedrock-mantle.us-east-1.api.aws/v1/completions", "bedrock-mantle", "completion", "openai_completions",
     None, None),
    (
        "claude.googleapis.com/v1/projects/p/locations/global/workspaces/w/invoke/v1/messages",
        "anthropic-google", "chat", "anthropic_messages", None, None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("url", "provider", "operation", "dialect", "model", "stream"), INFERENCE)
def test_inference_is_read_by_its_dialect(
    url: str, provider: str, operation: str, dialect: str, model: str | None, stream: bool | None
) -> None:
    found = sure(url)

    assert found.kind is Kind.INFERENCE
    assert (found.provider, found.operation, found.dialect) == (provider, operation, dialect)
    assert (found.model, found.stream) == (model, stream)
    assert found.errors == dialect


@pytest.mark.parametrize("url", [row[0] for row in INFERENCE])
def test_an_upgrade_on_an_inference_path_is_inference_whatever_its_method(url: str) -> None:
    assert sure(url, "GET", upgrade=True).kind is Kind.INFERENCE
    assert sure(url, "CONNECT", upgrade=True).kind is Kind.INFERENCE
    assert sure(url, "HEAD").kind is Kind.PASS


@pytest.mark.parametrize(
    "url",
    [
        "api.anthropic.com/api/event_logging/v2/batch",
        "api.anthropic.com/api/claude_code/policy_limits",
        "api.anthropic.com/api/claude_code/settings",
        "api.anthropic.com/api/claude_cli/bootstrap",
        "api.anthropic.com/api/eval/sdk-x",
        "api.anthropic.com/mcp-registry/v0/servers",
        "api.anthropic.com/v1/messages/count_tokens?beta=true",
        "api.anthropic.com/v1/files",
        "api.openai.com/v1/files",
        "api.openai.com/v1/moderations",
        "api.openai.com/v1/conversations/conv_1/items",
        "api.openai.com/v1/responses/input_tokens",
        "api.openai.com/v1/realtime/client_secrets",
        "chatgpt.com/backend-api/codex/models",
        "chatgpt.com/backend-api/codex/analytics-events/events",
        "chatgpt.com/backend-api/wham/usage",
        "cloudcode-pa.googleapis.com/v1internal:loadCodeAssist",
        "cloudcode-pa.googleapis.com/v1internal:countTokens",
        "generativelanguage.googleapis.com/v1beta/models/g:countTokens",
        "generativelanguage.googleapis.com/upload/v1beta/files",
        f"{VERTEX}/publishers/google/models/g:computeTokens",
        f"{VERTEX}/publishers/anthropic/models/count-tokens:rawPredict",
        "bedrock-runtime.us-east-1.amazonaws.com/model/m/count-tokens",
        "acme.snowflakecomputing.com/queries/v1/query-request",
        "acme.us-east-2.aws.snowflakecomputing.com/api/v2/statements",
        "dbc-1.cloud.databricks.com/api/2.1/jobs/run-now",
        "adb-12.4.azuredatabricks.net/sql/1.0/warehouses/x",
        "api.cloudflare.com/client/v4/accounts/a/workers/scripts/s",
        "api2.cursor.sh/aiserver.v1.AnalyticsService/Batch",
        "ollama.com/api/show",
    ],
)
def test_what_costs_nothing_passes_though_it_posts(url: str) -> None:
    found = sure(url)

    assert (found.kind, found.dialect) == (Kind.PASS, "")


@pytest.mark.parametrize(
    ("url", "operation"),
    [
        ("api.openai.com/v1/images/something-new", "images"),
        ("api.openai.com/v1/videos", "video"),
        ("api.openai.com/v1/realtime/calls", "realtime"),
        ("api.openai.com/v1/batches", "batch"),
        ("api.openai.com/v1/something-new", ""),
        ("api.openai.com/", ""),
        ("api.anthropic.com/v1/messages/batches", "batch"),
        ("api.anthropic.com/v1/sessions/s/events", "session"),
        (
            "generativelanguage.googleapis.com/upload/v1beta/fileSearchStores/s:uploadToFileSearchStore",
            "index",
        ),
        ("generativelanguage.googleapis.com/v1beta/cachedContents", "cache"),
        (f"{VERTEX}/publishers/google/models/other:predict", ""),
        ("bedrock-runtime.eu-west-1.amazonaws.com/model/m/something-new", "chat"),
        ("api2.cursor.sh/aiserver.v1.ChatService/StreamUnifiedChatWithTools", "chat"),
        ("agentn.global.api5.cursor.sh/agent.v1.AgentService/Run", "chat"),
        ("acme.snowflakecomputing.com/api/v2/cortex/agent:run", "agent"),
        ("adb-12.4.azuredatabricks.net/ai-gateway/something-new", ""),
        ("api.cloudflare.com/client/v4/accounts/a/ai/something-new", ""),
        ("api.elevenlabs.io/v1/text-to-speech/voice/stream", "speech"),
        ("api.deepgram.com/v1/listen?model=nova-3", "transcription"),
        ("api.replicate.com/v1/models/meta/llama-4/predictions", "inference"),
        ("us-south.ml.cloud.ibm.com/ml/v1/text/generation?version=2026-01-01", "completion"),
        ("chatgpt.com/backend-api/codex/something-new", ""),
        ("chatgpt.com/backend-api/conversation", "chat"),
        ("openrouter.ai/api/v1/something-new", ""),
        ("openrouter.ai/api/alpha/decisions", ""),
        ("openrouter.ai/api/beta/responses-of-tomorrow", ""),
    ],
)
def test_what_may_cost_and_nothing_reads_is_unknown(url: str, operation: str) -> None:
    found = sure(url)

    assert (found.kind, found.operation, found.dialect) == (Kind.UNKNOWN, operation, "")
    assert found.errors


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE", "get"])
def test_methods_that_only_look_pass(method: str) -> None:
    assert sure("api.openai.com/v1/something-new", method).kind is Kind.PASS


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "BREW"])
def test_other_methods_on_unnamed_paths_are_unknown(method: str) -> None:
    assert sure("api.openai.com/v1/something-new", method).kind is Kind.UNKNOWN


def test_an_upgrade_on_an_unnamed_path_is_unknown() -> None:
    assert sure("api.openai.com/v1/something-new", "GET", upgrade=True).kind is Kind.UNKNOWN
    assert sure("api.openai.com/v1/realtime?model=m", "GET", upgrade=True).operation == "realtime"


@pytest.mark.parametrize(
    ("url", "provider", "socket", "operation"),
    [
        ("api.openai.com/v1/responses", "openai", "openai_responses", "chat"),
        ("us.api.openai.com/v1/responses", "openai", "openai_responses", "chat"),
        ("chatgpt.com/backend-api/codex/responses", "chatgpt", "openai_responses", "chat"),
        ("a.openai.azure.com/openai/v1/responses?api-version=1", "azure", "openai_responses", "chat"),
        ("api.x.ai/v1/responses", "xai", "openai_responses", "chat"),
        ("api.openai.com/v1/realtime?model=gpt-realtime", "openai", "openai_realtime", "realtime"),
        ("api.openai.com/v1/realtime/?call_id=rtc_1", "openai", "openai_realtime", "realtime"),
        ("eu.api.openai.com/v1/realtime", "openai", "openai_realtime", "realtime"),
        ("a.openai.azure.com/openai/v1/realtime?model=m", "azure", "openai_realtime", "realtime"),
        ("a.openai.azure.com/openai/realtime?deployment=m", "azure", "openai_realtime", "realtime"),
        ("a.cognitiveservices.azure.com/voice-live/realtime", "azure", "openai_realtime", "realtime"),
        ("a.services.ai.azure.com/voice-live/realtime?model=m", "azure", "openai_realtime", "realtime"),
        ("api.openai.com/v1/live/sessions", "openai", "openai_live", "realtime"),
        ("a.services.ai.azure.com/openai/v1/live/sessions", "azure", "openai_live", "realtime"),
        ("api.x.ai/v1/realtime?model=m", "xai", "openai_realtime", "realtime"),
        ("us-east-1.api.x.ai/v1/realtime", "xai", "openai_realtime", "realtime"),
        (
            "generativelanguage.googleapis.com//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
            "gemini", "gemini_live", "realtime",
        ),
        (
            "generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService"
            ".BidiGenerateContentConstrained?access_token=t",
            "gemini", "gemini_live", "realtime",
        ),
        (
            "us-central1-aiplatform.googleapis.com/ws/google.cloud.aiplatform.v1.LlmBidiService/BidiGenerateContent",
            "vertex", "gemini_live", "realtime",
        ),
    ],
)  # fmt: skip
def test_what_is_spoken_on_a_socket_is_known_as_it_opens(
    url: str, provider: str, socket: str, operation: str
) -> None:
    """However the client asks for it; and only if it does."""
    for method in ("GET", "CONNECT"):
        found = sure(url, method, upgrade=True)
        assert (found.provider, found.socket, found.operation) == (provider, socket, operation)
    assert sure(url, "POST").socket == ""


@pytest.mark.parametrize(
    "url",
    [
        "api.openai.com/v1/chat/completions",
        "api.openai.com/v1/realtime/translations",
        "api.openai.com/v1/live/sessions/sess_1/attach",
        "api.anthropic.com/v1/messages",
        "generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1alpha.GenerativeService.BidiGenerateMusic",
        "agent.deepgram.com/v1/agent/converse",
    ],
)
def test_on_other_sockets_nobody_knows_what_is_spoken(url: str) -> None:
    assert sure(url, "GET", upgrade=True).socket == ""


def test_an_interaction_is_read_where_it_is_fetched() -> None:
    found = sure("generativelanguage.googleapis.com/v1beta/interactions/v1_a", "GET")

    assert (found.operation, found.dialect) == ("retrieve", "gemini_interactions")
    assert found.shows_again
    assert sure("generativelanguage.googleapis.com/v1beta/interactions/v1_a", "DELETE").kind is Kind.PASS


def test_a_background_answer_is_read_where_it_is_fetched_and_not_where_it_is_deleted() -> None:
    found = sure("api.openai.com/v1/responses/resp_1", "GET")

    assert (found.kind, found.operation, found.dialect) == (Kind.INFERENCE, "retrieve", "openai_responses")
    assert sure("api.openai.com/v1/responses/resp_1", "DELETE").kind is Kind.PASS
    assert sure("api.openai.com/v1/responses/resp_1").kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "host",
    [
        "api.openai.com.evil.example",
        "xapi.openai.com",
        "x.api.openai.com",
        "evil.example",
        "user@api.openai.com",
        "api.openai.com@evil.example",
        "api.openai.com:443",
        "api.openai.com..",
        ".api.openai.com",
        "api.openai.com\n",
        "api-openai.com",
        "openai.azure.com",
        "a.b.openai.azure.com",
        "-.openai.azure.com",
        "a_b.openai.azure.com",
        "openai.azure.com.evil.example",
        "storage.googleapis.com",
        "evil-aiplatform.googleapis.com",
        "x-us-central1-aiplatform.googleapis.com",
        "s3.amazonaws.com",
        "bedrock-runtime.nowhere-1.amazonaws.com",
        "[::1]",
        "",
    ],
)
def test_a_host_that_only_looks_like_a_provider_is_none(host: str) -> None:
    assert recognise(REGISTRY, host, 443, "POST", "/v1/chat/completions") is None
    assert owner(REGISTRY, host, 443) is None


def test_case_trailing_dot_and_port_of_a_host_do_not_matter() -> None:
    assert ask("API.OpenAI.com./v1/chat/completions") == ask("api.openai.com:80/v1/chat/completions")
    assert owner(REGISTRY, "API.OpenAI.com.", 8443) == "openai"
    assert owner(REGISTRY, "My-Res.OpenAI.Azure.com", 443) == "azure"
    assert owner(REGISTRY, "d.eastus.models.ai.azure.com", 443) == "azure-models"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/messages/",
        "//v1//messages",
        "/V1/Messages",
        "/v1/%6dessages",
        "/v1/./messages",
        "/v1/files/../messages",
        "/v1/files/%2e%2e/messages",
        "/../v1/messages?x=/..",
        "/v1/messages#x",
    ],
)
def test_another_spelling_of_a_path_is_no_way_around_the_meter(path: str) -> None:
    found = recognise(REGISTRY, "api.anthropic.com", 443, "POST", path)

    assert found is not None
    assert found.kind is Kind.INFERENCE


@pytest.mark.parametrize("path", ["/v1/files#/../messages", "/v1/files/x#/../../messages", "/v1/models#/"])
def test_a_path_that_may_go_on_behind_a_number_sign_is_no_way_around_it_either(path: str) -> None:
    """Some servers cut it off there, some do not: then it leads elsewhere."""
    for method in ("POST", "GET"):
        found = recognise(REGISTRY, "api.anthropic.com", 443, method, path)

        assert found is not None
        assert found.kind is Kind.UNKNOWN


def test_an_escaped_slash_parts_no_segments() -> None:
    assert sure("api.openai.com/v1/chat%2Fcompletions").kind is Kind.UNKNOWN
    assert sure("r.openai.azure.com/openai/deployments/a%2Fb/embeddings").model == "a/b"


def test_a_path_too_long_to_remember_is_recognised_all_the_same() -> None:
    found = sure("generativelanguage.googleapis.com/v1beta/models/" + "m" * 5000 + ":generateContent")

    assert found.model == "m" * 5000


def test_the_row_says_how_it_bills() -> None:
    assert sure("api.openai.com/v1/responses").ask_usage
    assert not sure("api.cerebras.ai/v1/chat/completions").ask_usage
    assert sure("api.groq.com/openai/v1/chat/completions").bills_on
    assert not sure("api.anthropic.com/v1/messages").bills_on
    assert sure("chatgpt.com/backend-api/codex/responses").subscription
    assert sure("api.x.ai/v1/chat/completions").habits == {"reasoning_extra"}
    assert sure("router.huggingface.co/together/v1/chat/completions").upstream == "together"


def test_a_plan_may_cover_some_paths_of_a_host_only() -> None:
    assert sure("api.z.ai/api/coding/paas/v4/chat/completions").subscription
    assert not sure("api.z.ai/api/paas/v4/chat/completions").subscription


@given(st.text(max_size=40), st.integers(0, 65535), st.text(max_size=8), st.text(max_size=60), st.booleans())
def test_nothing_a_client_sends_makes_it_raise(
    host: str, port: int, method: str, path: str, upgrade: bool
) -> None:
    recognise(REGISTRY, host, port, method, path, upgrade)
    recognise(REGISTRY, "api.openai.com", port, method, path, upgrade)


@given(st.sampled_from(["/v1/chat/completions", "/v1/messages"]), st.text(max_size=30))
def test_a_query_never_changes_the_answer(path: str, query: str) -> None:
    asked = [recognise(REGISTRY, "api.x.ai", 443, "POST", p) for p in (path, f"{path}?{query}")]

    assert asked[0] == asked[1]


def test_a_pattern_may_begin_with_a_label_of_its_own() -> None:
    """So of a platform's hosts only those are a provider's."""
    row = {"name": "lab", "hosts": ["llm.{site}.example.com"], "serves": [{"at": ["/v1"], "set": "openai"}]}
    registry = load([row])

    assert owner(registry, "LLM.north.example.com", 443) == "lab"
    assert owner(registry, "api.north.example.com", 443) is None
    assert owner(registry, "llm.example.com", 443) is None
    assert owner(registry, "llm.a.b.example.com", 443) is None
    assert owner(registry, "xllm.north.example.com", 443) is None


def test_a_host_that_a_policy_has_to_name_is_recognised_and_is_nobody_s_until_then() -> None:
    """Recorded traffic is priced; live traffic is tunnelled, and no authority speaks for all of it."""
    url = "acme.snowflakecomputing.com/api/v2/cortex/v1/chat/completions"
    named = {
        "name": "snowflake",
        "hosts": ["acme.snowflakecomputing.com"],
        "serves": [{"at": [""], "set": "snowflake"}],
    }
    registry = load([named])

    assert sure(url).dialect == "openai_chat"
    assert owner(REGISTRY, "acme.snowflakecomputing.com", 443) is None
    assert "snowflakecomputing.com" not in REGISTRY.hosts()
    assert ask(url, registry=registry) == sure(url)
    assert owner(registry, "acme.snowflakecomputing.com", 443) == "snowflake"
    assert owner(registry, "other.snowflakecomputing.com", 443) is None
    assert "acme.snowflakecomputing.com" in registry.hosts()


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("test-location-aiplatform.googleapis.com", "vertex"),
        ("US-Test9-AIPlatform.googleapis.com.", "vertex"),
        ("bedrock-runtime.xx-new-9.amazonaws.com", "bedrock"),
        ("bedrock-runtime-fips.xx-new-9.amazonaws.com", "bedrock"),
        ("bedrock-mantle.xx-new-9.api.aws", "bedrock-mantle"),
        ("xx.api.openai.com", "openai"),
        ("api.openai.com", "openai"),
        ("us-central1-aiplatform.googleapis.com", "vertex"),
    ],
)
def test_a_region_that_no_list_has_is_known_where_regions_are_left_open(host: str, provider: str) -> None:
    """For recorded traffic. A proxy's certificate authority may vouch for the listed names alone."""
    recorded = load(open_regions=True)

    found = recognise(recorded, host, 443, "POST", "/v1/chat/completions")

    assert found is not None
    assert found.provider == provider


@pytest.mark.parametrize(
    "host",
    [
        "aiplatform.googleapis.com.evil.example",
        "a.b-aiplatform.googleapis.com",
        "-aiplatform.googleapis.com",
        "storage.googleapis.com",
        "s3.xx-new-9.amazonaws.com",
        "a.b.api.openai.com",
        "xapi.openai.com",
    ],
)
def test_an_open_region_is_one_label_of_a_providers_host(host: str) -> None:
    assert recognise(load(open_regions=True), host, 443, "POST", "/v1/chat/completions") is None


@pytest.mark.parametrize(
    ("query", "stream"),
    [("", None), ("?stream=true", True), ("?starting_after=0&stream=true", True), ("?stream=false", None),
     ("?upstream=true", None)],
)  # fmt: skip
def test_an_answer_may_be_shown_again_as_a_stream(query: str, stream: bool | None) -> None:
    found = recognise(load(), "api.openai.com", 443, "GET", f"/v1/responses/resp_1{query}")

    assert found is not None
    assert (found.operation, found.stream) == ("retrieve", stream)


@pytest.mark.parametrize(
    ("host", "anybodys"),
    [
        ("api.openai.com", False),
        ("contoso.openai.azure.com", True),
        ("bedrock-runtime.us-east-1.amazonaws.com", False),
        ("example.com", True),
    ],
)
def test_hosts_that_customers_named_may_be_a_strangers(host: str, anybodys: bool) -> None:
    assert is_anybodys(REGISTRY, host, 443) is anybodys


SHARED = "gateway.ai.cloudflare.com"
OWN = load([{"name": "ours", "hosts": [SHARED], "serves": [{"at": ["/v1/a/b/openai"], "set": "openai"}]}])


@pytest.mark.parametrize(
    ("path", "name", "anybodys"),
    [
        ("/v1/a/b/openai/chat/completions", "ours", False),
        ("/v1/x/b/openai/chat/completions", "cloudflare-gateway", True),
        ("/v1/x/b/custom/collect", "ours", True),
    ],
)
def test_on_a_host_with_everybodys_paths_those_are_ones_own_that_a_row_of_ones_own_names(
    path: str, name: str, anybodys: bool
) -> None:
    found = ask(SHARED + path, registry=OWN)

    assert found is not None
    assert (found.provider, is_path_of_anybodys(OWN, found, 443)) == (name, anybodys)


def test_elsewhere_paths_are_the_hosts() -> None:
    assert not is_path_of_anybodys(REGISTRY, sure("api.openai.com/v1/files"), 443)


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("api.openai.com/v1/realtime/client_secrets", "POST"),
        ("api.openai.com/v1/organization/admin_api_keys", "POST"),
        ("generativelanguage.googleapis.com/v1alpha/auth_tokens", "POST"),
        ("r.openai.azure.com/openai/v1/realtime/client_secrets", "POST"),
        ("r.openai.azure.com/openai/realtimeapi/sessions?api-version=1", "POST"),
        ("westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken", "POST"),
        ("api.anthropic.com/api/oauth/claude_cli/create_api_key", "POST"),
        ("api.anthropic.com/v1/organizations/invites", "POST"),
        ("api.perplexity.ai/generate_auth_token", "POST"),
        ("dashscope-intl.aliyuncs.com/api/v1/tokens?expire_in_seconds=1800", "POST"),
        ("api.deepgram.com/v1/projects/p/keys", "POST"),
        ("api.deepgram.com/v1/auth/grant", "POST"),
        ("api.elevenlabs.io/v1/user", "GET"),
        ("api.elevenlabs.io/v1/convai/conversation/get-signed-url?agent_id=a", "GET"),
        ("api.elevenlabs.io/v1/service-accounts/s/api-keys", "POST"),
        ("streaming.assemblyai.com/v3/token?expires_in_seconds=60", "GET"),
        ("api.assemblyai.com/v2/realtime/token", "POST"),
        ("api.fireworks.ai/v1/accounts/a/users/u/apiKeys", "POST"),
        ("api.deepinfra.com/v1/scoped-jwt", "POST"),
        ("api.deepinfra.com/v1/api-tokens", "POST"),
        ("openrouter.ai/api/v1/keys", "POST"),
        ("api.cloudflare.com/client/v4/user/tokens", "POST"),
        ("api.cloudflare.com/client/v4/accounts/a/tokens/t/value", "PUT"),
        ("w.cloud.databricks.com/api/2.0/token/create", "POST"),
        ("w.cloud.databricks.com/api/2.0/secrets/get?scope=s&key=k", "GET"),
    ],
)
def test_what_hands_out_credentials_is_known_for_it(url: str, method: str) -> None:
    """It costs nothing, so with a key of the caller's own it passes."""
    found = sure(url, method)

    assert (found.kind, found.mints) == (Kind.PASS, True)
