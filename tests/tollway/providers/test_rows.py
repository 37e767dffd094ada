"""What the paths of each provider's own formats, and of platforms that also run models, are."""

import pytest

from tollway.model import Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise

REGISTRY = load()
GOOGLE = "generativelanguage.googleapis.com/v1beta"
VERTEX = "us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1"
SNOWFLAKE = "acme-prod.snowflakecomputing.com/api/v2/cortex"
DATABRICKS = "dbc-1.cloud.databricks.com"
AZURE_DATABRICKS = "adb-12.4.azuredatabricks.net"
WORKERS = "api.cloudflare.com/client/v4/accounts/a/ai"
GATEWAY = "gateway.ai.cloudflare.com/v1/a/g"
WATSONX = "us-south.ml.cloud.ibm.com/ml/v1"

READ = [
    # url, provider, operation, dialect; model and whether it streams, where the path says so
    (f"{GOOGLE}/interactions", "gemini chat gemini_interactions"),
    (f"{GOOGLE}/interactions/v1_a/cancel", "gemini retrieve gemini_interactions"),
    (f"{GOOGLE}/models/veo-3.1:predictLongRunning", "gemini video gemini_videos veo-3.1 False"),
    (f"{GOOGLE}/models/imagen-4:predict", "gemini images gemini_images imagen-4 False"),
    (f"{VERTEX}/interactions", "vertex chat gemini_interactions"),
    (f"{VERTEX}/publishers/google/models/veo-3:predictLongRunning", "vertex video gemini_videos veo-3 False"),
    (f"{VERTEX}/publishers/google/models/imagen-4:predict", "vertex images gemini_images imagen-4 False"),
    ("ollama.com/api/chat", "ollama chat ollama"),
    ("ollama.com/api/generate", "ollama completion ollama"),
    ("ollama.com/api/embed", "ollama embeddings ollama_embeddings"),
    ("ollama.com/v1/chat/completions", "ollama chat openai_chat"),
    ("api.cohere.com/v2/chat", "cohere chat cohere_chat"),
    ("api.cohere.com/v1/generate", "cohere completion cohere_chat"),
    ("api.cohere.ai/v1/rerank", "cohere rerank cohere_meta"),
    ("api.cohere.com/v2/embed", "cohere embeddings cohere_meta"),
    ("api.cohere.com/v1/classify", "cohere classify cohere_meta"),
    ("api.cohere.com/compatibility/v1/chat/completions", "cohere chat openai_chat"),
    ("api.mistral.ai/v1/chat/completions", "mistral chat openai_chat"),
    ("api.mistral.ai/v1/embeddings", "mistral embeddings openai_embeddings"),
    ("codestral.mistral.ai/v1/fim/completions", "mistral completion openai_completions"),
    ("api.mistral.ai/v1/agents/completions", "mistral chat openai_chat"),
    ("api.mistral.ai/v1/conversations", "mistral chat mistral_conversations"),
    ("api.mistral.ai/v1/conversations/conv_1", "mistral chat mistral_conversations"),
    ("api.mistral.ai/v1/conversations/conv_1/restart", "mistral chat mistral_conversations"),
    ("api.mistral.ai/v1/ocr", "mistral ocr mistral_ocr"),
    ("api.eu.mistral.ai/v1/audio/transcriptions", "mistral transcription mistral_transcription"),
    ("api.mistral.ai/v1/audio/speech", "mistral speech mistral_speech"),
    ("api.mistral.ai/v1/moderations", "mistral moderation mistral_moderation"),
    ("api.mistral.ai/v1/chat/classifications", "mistral classify mistral_moderation"),
    ("api.voyageai.com/v1/multimodalembeddings", "voyage embeddings voyage"),
    ("api.voyageai.com/v1/contextualizedembeddings", "voyage embeddings voyage"),
    ("ai.mongodb.com/v1/rerank", "voyage rerank voyage"),
    ("api.jina.ai/v1/rerank", "jina rerank voyage"),
    ("deepsearch.jina.ai/v1/chat/completions", "jina chat openai_chat"),
    ("api-atlas.nomic.ai/v1/embedding/text", "nomic embeddings voyage"),
    ("api.perplexity.ai/search", "perplexity search perplexity_search"),
    ("api.perplexity.ai/v1/responses", "perplexity chat openai_responses"),
    ("api.perplexity.ai/chat/completions", "perplexity chat openai_chat"),
    ("api.perplexity.ai/v1/contextualizedembeddings", "perplexity embeddings voyage"),
    ("api.x.ai/v1/messages", "xai chat anthropic_messages"),
    ("eu.openrouter.ai/api/v1/messages", "openrouter chat anthropic_messages"),
    ("openrouter.ai/api/v1/responses", "openrouter chat openai_responses"),
    ("openrouter.ai/api/v1/embeddings", "openrouter embeddings openai_embeddings"),
    ("proxy.business.githubcopilot.com/v1/engines/c/completions", "copilot completion openai_completions c"),
    ("api.githubcopilot.com/v1/messages", "copilot chat anthropic_messages"),
    ("copilot-api.acme.ghe.com/chat/completions", "github-copilot chat openai_chat"),
    (f"{SNOWFLAKE}/inference:complete", "snowflake chat openai_chat"),
    (f"{SNOWFLAKE}/inference:embed", "snowflake embeddings openai_embeddings"),
    (f"{SNOWFLAKE}/v1/messages", "snowflake chat anthropic_messages"),
    (
        "acme.eu-west-1.aws.snowflakecomputing.com/api/v2/cortex/v1/chat/completions",
        "snowflake chat openai_chat",
    ),
    (f"{DATABRICKS}/serving-endpoints/chat/completions", "databricks chat openai_chat"),
    (f"{DATABRICKS}/serving-endpoints/responses", "databricks chat openai_responses"),
    (f"{DATABRICKS}/serving-endpoints/anthropic/v1/messages", "databricks chat anthropic_messages"),
    (f"{DATABRICKS}/serving-endpoints/my-gpt/invocations", "databricks chat openai_chat my-gpt"),
    (
        f"{AZURE_DATABRICKS}/serving-endpoints/databricks-gte-large-en/invocations",
        "databricks embeddings openai_embeddings databricks-gte-large-en",
    ),
    (f"{AZURE_DATABRICKS}/ai-gateway/mlflow/v1/chat/completions", "databricks chat openai_chat"),
    ("12.3.gcp.databricks.com/ai-gateway/gemini/v1beta/models/g:generateContent",
     "databricks chat gemini g False"),
    ("12.ai-gateway.cloud.databricks.com/codex/v1/responses", "databricks chat openai_responses"),
    ("12.0.ai-gateway.azuredatabricks.net/anthropic/v1/messages", "databricks chat anthropic_messages"),
    (f"{WORKERS}/run/@cf/meta/llama-4", "cloudflare chat cloudflare_run @cf/meta/llama-4"),
    (f"{WORKERS}/v1/responses", "cloudflare chat openai_responses"),
    (f"{GATEWAY}/compat/chat/completions", "cloudflare-gateway chat openai_chat"),
    (f"{GATEWAY}/openai/responses", "cloudflare-gateway chat openai_responses"),
    (f"{GATEWAY}/mistral/v1/chat/completions", "cloudflare-gateway chat openai_chat"),
    (f"{GATEWAY}/anthropic/v1/messages", "cloudflare-gateway chat anthropic_messages"),
    (
        f"{GATEWAY}/google-ai-studio/v1beta/models/g:streamGenerateContent",
        "cloudflare-gateway chat gemini g True",
    ),
    (f"{GATEWAY}/azure-openai/r/d/chat/completions", "cloudflare-gateway chat openai_chat d"),
    (f"{GATEWAY}/workers-ai/@cf/meta/llama-4", "cloudflare-gateway chat cloudflare_run @cf/meta/llama-4"),
    (f"{GATEWAY}/workers-ai/v1/chat/completions", "cloudflare-gateway chat openai_chat"),
    (
        f"{GATEWAY}/aws-bedrock/bedrock-runtime/us-east-1/model/m/converse",
        "cloudflare-gateway chat bedrock_converse m False",
    ),
    (f"{WATSONX}/text/chat?version=2026-01-01", "watsonx chat openai_chat False"),
    (f"{WATSONX}/deployments/d/text/chat_stream", "watsonx chat openai_chat d True"),
    ("router.huggingface.co/zai-org/api/paas/v4/chat/completions", "huggingface chat openai_chat"),
    ("router.huggingface.co/cohere/compatibility/v1/chat/completions", "huggingface chat openai_chat"),
    ("router.huggingface.co/deepinfra/v1/openai/embeddings", "huggingface embeddings openai_embeddings"),
    ("llm-gateway.assemblyai.com/v1/chat/completions", "assemblyai chat openai_chat"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "said"), READ, ids=[url for url, _ in READ])
def test_a_path_is_read_by_its_own_format(url: str, said: str) -> None:
    """Its model and its stream are taken from the path where it has them."""
    host, _, path = url.partition("/")

    found = recognise(REGISTRY, host, 443, "POST", "/" + path)

    assert found is not None
    assert found.kind is Kind.INFERENCE
    told = [found.provider, found.operation, found.dialect, found.model or "", str(found.stream or "")]
    if found.stream is False:
        told[-1] = "False"
    assert " ".join(filter(None, told)) == said


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("acme.snowflakecomputing.com/queries/v1/query-request", "snowflake"),
        ("acme.us-east-2.aws.snowflakecomputing.com/api/v2/statements", "snowflake"),
        (f"{DATABRICKS}/api/2.1/jobs/run-now", "databricks"),
        (f"{DATABRICKS}/api/2.0/serving-endpoints", "databricks"),
        (f"{AZURE_DATABRICKS}/sql/1.0/warehouses/x", "databricks"),
        ("api.cloudflare.com/client/v4/accounts/a/workers/scripts/s", "cloudflare"),
        ("api2.cursor.sh/aiserver.v1.AnalyticsService/Batch", "cursor"),
        ("ollama.com/api/show", "ollama"),
        ("api.mistral.ai/v1/libraries/l/share", "mistral"),
        ("api.voyageai.com/v1/files", "voyage"),
    ],
)
def test_what_a_platform_does_besides_passes(url: str, provider: str) -> None:
    """It costs no tokens, and is nothing of ours."""
    host, _, path = url.partition("/")

    found = recognise(REGISTRY, host, 443, "POST", "/" + path)

    assert found is not None
    assert (found.kind, found.provider) == (Kind.PASS, provider)


@pytest.mark.parametrize(
    "host",
    [
        "api.acme.ghe.com",
        "acme.ghe.com",
        "copilot-api.a.b.ghe.com",
        "snowflakecomputing.com",
        "a.b.c.d.snowflakecomputing.com",
        "cloud.databricks.com",
        "a.b.cloud.databricks.com",
        "12.azuredatabricks.net",
        "r2.cloudflarestorage.com",
        "cursor.com",
        "xx-north.ml.cloud.ibm.com",
    ],
)
def test_a_neighbour_of_a_platform_s_models_is_none_of_ours(host: str) -> None:
    """Only the hosts that serve models are in the table."""
    assert recognise(REGISTRY, host, 443, "POST", "/v1/chat/completions") is None
