"""Which dialect serves a path. Hosts do not matter: many providers speak each dialect."""

import re
from functools import lru_cache

from tests.simulator.dialects import (
    anthropic_messages,
    bedrock_converse,
    bedrock_invoke,
    cohere,
    gemini,
    mistral_ocr,
    ollama,
    openai_chat,
    openai_completions,
    openai_decisions,
    openai_embeddings,
    openai_images,
    openai_rerank,
    openai_responses,
    openai_speech,
    openai_transcriptions,
)
from tests.simulator.dialects.dialect import Dialect

DIALECTS: dict[str, Dialect] = {
    "openai_chat": openai_chat,
    "openai_responses": openai_responses,
    "openai_embeddings": openai_embeddings,
    "openai_completions": openai_completions,
    "openai_decisions": openai_decisions,
    "openai_images": openai_images,
    "openai_rerank": openai_rerank,
    "openai_speech": openai_speech,
    "openai_transcriptions": openai_transcriptions,
    "anthropic_messages": anthropic_messages,
    "gemini": gemini,
    "bedrock_converse": bedrock_converse,
    "bedrock_invoke": bedrock_invoke,
    "cohere": cohere,
    "mistral_ocr": mistral_ocr,
    "ollama": ollama,
}
GEMINI = "generateContent|streamGenerateContent|countTokens|embedContent|batchEmbedContents"
ROUTES = (
    (r".*/chat/completions", "openai_chat"),
    (r".*/responses(/compact|/input_tokens)?", "openai_responses"),
    (r".*/embeddings", "openai_embeddings"),
    (r".*/completions", "openai_completions"),
    (r".*/v1/images/(generations|edits)", "openai_images"),
    (r".*/v1/audio/speech", "openai_speech"),
    (r".*/v1/audio/(transcriptions|translations)", "openai_transcriptions"),
    (r"/v2/(chat|embed|rerank)", "cohere"),
    (r"/v1/ocr", "mistral_ocr"),
    (r"/api/(chat|generate|embed)", "ollama"),
    (r".*/v1/rerank", "openai_rerank"),
    (r".*/v1/decisions", "openai_decisions"),
    (r".*/v1/messages(/count_tokens)?", "anthropic_messages"),
    (rf".*/[^/]+:({GEMINI})", "gemini"),
    (r"/model/[^/]+/(converse|converse-stream|count-tokens)", "bedrock_converse"),
    (r"/model/[^/]+/(invoke|invoke-with-response-stream)", "bedrock_invoke"),
)
"""Path, dialect: the first that matches."""


@lru_cache(maxsize=1024)
def route(method: str, path: str) -> str | None:
    """The key of the dialect that answers, or None for other paths."""
    if method != "POST":
        return None
    return next((name for pattern, name in ROUTES if re.fullmatch(pattern, path)), None)
