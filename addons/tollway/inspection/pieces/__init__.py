"""What an answer's messages add to it, by dialect: a stream's events, or all of it in one object."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tollway.inspection.draft import Piece
from tollway.inspection.pieces import (
    anthropic,
    chat,
    cloudflare,
    cohere,
    converse,
    gemini,
    interactions,
    invoke,
    media,
    mistral,
    ollama,
    responses,
    vectors,
)

type Pieces = Callable[[Mapping[str, Any]], Iterable[Piece]]

PIECES: dict[str, Pieces] = {
    "openai_chat": chat.pieces,
    "openai_completions": chat.pieces,
    "openai_responses": responses.pieces,
    "openai_decisions": responses.pieces,
    "openai_embeddings": vectors.pieces,
    "openai_images": media.pieces,
    "openai_speech": media.pieces,
    "openai_transcriptions": media.pieces,
    "openai_rerank": vectors.pieces,
    "anthropic_messages": anthropic.pieces,
    "gemini": gemini.pieces,
    "gemini_embeddings": vectors.pieces,
    "gemini_interactions": interactions.pieces,
    "gemini_images": media.pieces,
    "gemini_videos": vectors.pieces,
    "bedrock_converse": converse.pieces,
    "bedrock_invoke": invoke.pieces,
    "ollama": ollama.pieces,
    "ollama_embeddings": vectors.pieces,
    "cohere_chat": cohere.pieces,
    "cohere_meta": vectors.pieces,
    "mistral_conversations": mistral.pieces,
    "mistral_ocr": media.pieces,
    "mistral_transcription": media.pieces,
    "mistral_speech": media.pieces,
    "mistral_moderation": vectors.pieces,
    "voyage": vectors.pieces,
    "perplexity_search": vectors.pieces,
    "cloudflare_run": cloudflare.pieces,
}
"""By the dialect's name."""
