"""What the paths of Bedrock's hosts are: its own operations, and the formats of OpenAI and Anthropic."""

from urllib.parse import quote

import pytest

from tollway.model import Endpoint, Kind
from tollway.providers.load import load
from tollway.providers.recognise import recognise

REGISTRY = load()
RUNTIME = "bedrock-runtime.us-east-1.amazonaws.com"
MANTLE = "bedrock-mantle.us-east-1.api.aws"
AGENT = "bedrock-agent-runtime.us-east-1.amazonaws.com"
NOVA = "us.amazon.nova-micro-v1:0"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/mi1dadi0g15f"


def ask(host: str, path: str, method: str = "POST") -> Endpoint:
    found = recognise(REGISTRY, host, 443, method, path)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "host",
    [
        RUNTIME,
        "bedrock-runtime.us-gov-west-1.amazonaws.com",
        "bedrock-runtime-fips.us-west-2.amazonaws.com",
        "bedrock-runtime.eu-central-1.api.aws",
        "bedrock-runtime-fips.ca-central-1.api.aws",
        "bedrock-runtime.eusc-de-east-1.amazonaws.eu",
        "bedrock-runtime.eusc-de-east-1.api.amazonwebservices.eu",
    ],
)
def test_the_runtime_has_hosts_in_every_partition_that_has_bedrock(host: str) -> None:
    assert ask(host, f"/model/{NOVA}/converse").provider == "bedrock"


@pytest.mark.parametrize("model", [NOVA, PROFILE, "does-not-exist"])
@pytest.mark.parametrize(
    ("operation", "dialect", "stream"),
    [
        ("converse", "bedrock_converse", False),
        ("converse-stream", "bedrock_converse", True),
        ("invoke", "bedrock_invoke", False),
        ("invoke-with-response-stream", "bedrock_invoke", True),
    ],
)
def test_the_path_has_the_model_and_decides_on_the_stream(
    model: str, operation: str, dialect: str, stream: bool
) -> None:
    """As botocore quotes it, colons and slashes included, and as others do, which leave colons."""
    for name in (quote(model, safe=""), quote(model, safe=":")):
        found = ask(RUNTIME, f"/model/{name}/{operation}")

        assert found.kind is Kind.INFERENCE
        assert (found.operation, found.dialect, found.stream) == ("chat", dialect, stream)
        assert found.model == model
        assert found.bills_on


@pytest.mark.parametrize(
    ("model", "operation"),
    [
        ("amazon.titan-embed-text-v2:0", "embeddings"),
        ("amazon.titan-embed-image-v1", "embeddings"),
        ("cohere.embed-v4:0", "embeddings"),
        ("amazon.nova-2-multimodal-embeddings-v1:0", "embeddings"),
        ("arn:aws:bedrock:us-east-1::foundation-model/cohere.embed-english-v3", "embeddings"),
        ("twelvelabs.marengo-embed-2-7-v1:0", "embeddings"),
        ("cohere.rerank-v3-5:0", "rerank"),
        ("amazon.rerank-v1:0", "rerank"),
        ("amazon.nova-canvas-v1:0", "images"),
        ("amazon.titan-image-generator-v2:0", "images"),
        ("stability.stable-image-core-v1:1", "images"),
        ("stability.sd3-5-large-v1:0", "images"),
        ("twelvelabs.pegasus-1-2-v1:0", "chat"),
        (PROFILE, "chat"),
    ],
)
def test_the_models_name_tells_what_an_invocation_does(model: str, operation: str) -> None:
    found = ask(RUNTIME, f"/model/{quote(model, safe='')}/invoke")

    assert (found.operation, found.dialect) == (operation, "bedrock_invoke")
    assert found.model == model


@pytest.mark.parametrize(
    ("host", "path", "operation", "dialect"),
    [
        (MANTLE, "/v1/responses", "chat", "openai_responses"),
        (MANTLE, "/v1/chat/completions", "chat", "openai_chat"),
        (MANTLE, "/openai/v1/responses", "chat", "openai_responses"),
        (MANTLE, "/openai/v1/chat/completions", "chat", "openai_chat"),
        (MANTLE, "/anthropic/v1/messages", "chat", "anthropic_messages"),
        (RUNTIME, "/openai/v1/responses", "chat", "openai_responses"),
        (RUNTIME, "/openai/v1/chat/completions", "chat", "openai_chat"),
        (RUNTIME, "/anthropic/v1/messages", "chat", "anthropic_messages"),
    ],
)
def test_both_endpoints_speak_openai_and_anthropic_too(
    host: str, path: str, operation: str, dialect: str
) -> None:
    """AWS recommends the runtime for new applications, and Mantle for what only it has."""
    found = ask(host, path)

    assert (found.kind, found.operation, found.dialect) == (Kind.INFERENCE, operation, dialect)
    assert found.errors == dialect


@pytest.mark.parametrize(
    ("host", "path", "method"),
    [
        (RUNTIME, f"/model/{NOVA}/count-tokens", "POST"),
        (RUNTIME, "/async-invoke", "GET"),
        (RUNTIME, "/async-invoke/arn", "GET"),
        (RUNTIME, "/anthropic/v1/messages/count_tokens", "POST"),
        (MANTLE, "/anthropic/v1/messages/count_tokens", "POST"),
        (MANTLE, "/v1/models", "GET"),
        (AGENT, "/sessions/", "PUT"),
        (AGENT, "/sessions/s/invocationSteps/", "POST"),
        (AGENT, "/flows/f/aliases/a/executions/e/stop", "POST"),
        (AGENT, "/knowledgebases/k/datasources/d/documents/x/content", "POST"),
    ],
)
def test_what_only_counts_looks_or_keeps_passes(host: str, path: str, method: str) -> None:
    assert ask(host, path, method).kind is Kind.PASS


@pytest.mark.parametrize(
    ("host", "path", "operation"),
    [
        (RUNTIME, "/model/amazon.nova-sonic-v1:0/invoke-with-bidirectional-stream", "realtime"),
        (RUNTIME, f"/model/{NOVA}/something-new", "chat"),
        (RUNTIME, "/async-invoke", "batch"),
        (RUNTIME, "/guardrail/g/version/1/apply", "guardrail"),
        (RUNTIME, "/guardrail-checks/invoke", "guardrail"),
        (AGENT, "/agents/a/agentAliases/b/sessions/s/text", "agent"),
        (AGENT, "/flows/f/aliases/a", "agent"),
        (AGENT, "/flows/f/aliases/a/executions", "agent"),
        (AGENT, "/retrieveAndGenerate", "chat"),
        (AGENT, "/retrieveAndGenerateStream", "chat"),
        (AGENT, "/knowledgebases/k/retrieve", "search"),
        (AGENT, "/rerank", "rerank"),
        (AGENT, "/optimize-prompt", "chat"),
    ],
)
def test_what_costs_and_nothing_reads_is_recorded(host: str, path: str, operation: str) -> None:
    found = ask(host, path)

    assert (found.kind, found.operation) == (Kind.UNKNOWN, operation)
    assert found.errors == "bedrock_converse"
