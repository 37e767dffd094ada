"""What a request is follows from its first line alone."""

import pytest

from tests.tollway.providers.recognised import sure
from tollway.model import Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise

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
    "base",
    [
        "api.openai.com/v1",
        "eu.api.openai.com/v1",
        "r.openai.azure.com/openai/v1",
        "r.services.ai.azure.com/openai",
        "api.groq.com/openai/v1",
    ],
)
@pytest.mark.parametrize(
    ("path", "role"),
    [("", "begin"), ("/u/parts", "part"), ("/u/complete", "complete"), ("/u/cancel", "cancel"), ("/u/x", "")],
)
def test_uploads_in_parts_are_known_wherever_openais_api_is_spoken(base: str, path: str, role: str) -> None:
    found = sure(f"{base}/uploads{path}?api-version=1")

    assert (found.kind, found.operation) == (Kind.PASS, "upload")
    assert found.batch == (f"openai.{role}" if role else "")


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
