"""The second reading of a recorded exchange: what it was, and what the provider says that it used.

Written from the providers' documents, without a look at the dialects of `tollway.wire`, and held against them
by `test_exchanges`. What holds whatever the provider: counts are as billed; a field that the provider did not
report is absent; an error (4xx, 5xx) used nothing; what is no inference reports nothing (a count of tokens is
an answer, not a use).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from tests.corpus.answers import objects
from tests.corpus.anthropic_counts import of_anthropic
from tests.corpus.bedrock_counts import of_bedrock
from tests.corpus.cohere_counts import of_cohere
from tests.corpus.exchanges import Recorded
from tests.corpus.google_counts import of_gemini
from tests.corpus.openai_counts import of_openai

HOSTS = {
    "api.openai.com": "openai",
    "*.openai.azure.com": "azure",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gemini",
    "aiplatform.googleapis.com": "vertex",
    "*-aiplatform.googleapis.com": "vertex",
    "bedrock-runtime.*.amazonaws.com": "bedrock",
    "bedrock-mantle.*.api.aws": "bedrock-mantle",
    "api.mistral.ai": "mistral",
    "api.cohere.com": "cohere",
    "api.groq.com": "groq",
    "api.cerebras.ai": "cerebras",
    "api.deepseek.com": "deepseek",
    "openrouter.ai": "openrouter",
    "router.huggingface.co": "huggingface",
    "api.z.ai": "zai",
    "*.snowflakecomputing.com": "snowflake",
    "ollama.com": "ollama",
    "api.voyageai.com": "voyage",
    "api.inference.crusoecloud.com": "crusoe",
    "us.inference.heroku.com": "heroku",
}

POSTED = {
    r"/chat/completions$": ("chat", of_openai),
    r"/responses$": ("chat", of_openai),
    r"/responses/compact$": ("compact", of_openai),
    r"/v1/embeddings$": ("embeddings", of_openai),
    r"/v1/messages$": ("chat", of_anthropic),
    r":(streamG|g)enerateContent$": ("chat", of_gemini),
    r":(batchEmbedContents|embedContent)$": ("embeddings", of_gemini),
    r"^/model/[^/]+/(converse|converse-stream|invoke|invoke-with-response-stream)$": ("chat", of_bedrock),
    r"^/model/[^/]*embed[^/]*/invoke$": ("embeddings", of_bedrock),
    r"^/v2/chat$": ("chat", of_cohere),
    r"^/v2/embed$": ("embeddings", of_cohere),
}
"""Paths that a model answers; the last that fits holds. Of an inference profile's ARN the path tells no more
than that a model is invoked, be it for vectors."""

MAY_COST = (r"^/v1/realtime/calls$", r"^/openai/v1/realtime/calls$", r":uploadToFileSearchStore$")
"""No inference that HTTP shows, yet not free: a call's sound goes by WebRTC; a stored file is embedded."""

STREAMED = r"(:streamGenerateContent|/converse-stream|/invoke-with-response-stream)$"


class Expected(NamedTuple):
    """What an exchange is, and what it used."""

    inference: bool
    provider: str
    operation: str = ""
    """"" for what is no inference."""
    model_asked: str | None = None
    stream: bool = False
    usage: Mapping[str, int] = {}
    """By the names of DESIGN section 5; only what the provider reported."""
    status: int = 0
    reported: bool = False
    may_cost: bool = False
    """No inference, yet it may cost."""


def expected(exchange: Recorded) -> Expected:
    """What the exchange is by the providers' documents.

    A GET of /responses/{id} is an inference's answer, asked for later: it is the one place where the usage of
    a background response comes by (its POST says `queued`). That a stored answer read twice is billed once is
    the ledger's affair, which knows ids, not one exchange's.
    """
    provider = provider_of(exchange.host)
    operation, counts = "", None
    if exchange.method == "POST":
        for pattern, (name, reading) in POSTED.items():
            if re.search(pattern, exchange.path):
                operation, counts = name, reading
    elif exchange.method == "GET" and re.search(r"/responses/[^/]+$", exchange.path):
        operation, counts = "retrieve", of_openai
    if counts is None:
        may_cost = any(re.search(pattern, exchange.path) for pattern in MAY_COST)
        return Expected(False, provider, status=exchange.status, may_cost=may_cost)
    usage = counts(exchange, objects(exchange.answer)) if exchange.status < 400 else {}
    return Expected(
        inference=True,
        provider=provider,
        operation=operation,
        model_asked=model(exchange),
        stream=streamed(exchange),
        usage=usage,
        status=exchange.status,
        reported=bool(usage),
    )


def provider_of(host: str) -> str:
    """Who answers at a host; the names are those of the README's table."""
    for pattern, name in HOSTS.items():
        if re.fullmatch(re.escape(pattern).replace(r"\*", r"[a-z0-9-]+"), host):
            return name
    raise AssertionError(f"a host that no document of ours names: {host}")


def model(exchange: Recorded) -> str | None:
    """The model as asked: of the path where it names one (Google, Bedrock, Azure), else of the body.

    Bedrock's is percent-coded in the path, and may be the ARN of an inference profile, slash and all.
    """
    parts = exchange.parts
    for before in ("models", "model", "deployments"):
        if before in parts:
            named = parts[parts.index(before) + 1]
            return named.rpartition(":")[0] if before == "models" else named
    found = exchange.asked.get("model")
    return found if isinstance(found, str) else None


def streamed(exchange: Recorded) -> bool:
    """Whether a stream was asked for: by the path, by the query of a GET, or by the body."""
    by_query = exchange.method == "GET" and exchange.query.get("stream") == ["true"]
    return bool(re.search(STREAMED, exchange.path)) or by_query or exchange.asked.get("stream") is True
