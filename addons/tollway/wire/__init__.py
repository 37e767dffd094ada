"""Wire formats: what a request asks for, what an answer used, and how an error is said, without any I/O."""

from tollway.wire.anthropic_messages import AnthropicMessages
from tollway.wire.bedrock_converse import BedrockConverse
from tollway.wire.bedrock_invoke import BedrockInvoke
from tollway.wire.cloudflare_run import CloudflareRun
from tollway.wire.cohere_chat import CohereChat
from tollway.wire.cohere_meta import CohereMeta
from tollway.wire.dialect import Dialect
from tollway.wire.gemini import Gemini
from tollway.wire.gemini_embeddings import GeminiEmbeddings
from tollway.wire.gemini_interactions import GeminiInteractions
from tollway.wire.gemini_media import GeminiImages, GeminiVideos
from tollway.wire.mistral_audio import MistralSpeech, MistralTranscription
from tollway.wire.mistral_conversations import MistralConversations
from tollway.wire.mistral_moderation import MistralModeration
from tollway.wire.mistral_ocr import MistralOCR
from tollway.wire.ollama import Ollama, OllamaEmbeddings
from tollway.wire.openai_chat import OpenAIChat
from tollway.wire.openai_completions import OpenAICompletions
from tollway.wire.openai_decisions import OpenAIDecisions
from tollway.wire.openai_embeddings import OpenAIEmbeddings
from tollway.wire.openai_images import OpenAIImages
from tollway.wire.openai_rerank import OpenAIRerank
from tollway.wire.openai_responses import OpenAIResponses
from tollway.wire.openai_speech import OpenAISpeech
from tollway.wire.openai_transcriptions import OpenAITranscriptions
from tollway.wire.perplexity_search import PerplexitySearch
from tollway.wire.voyage import Voyage

DIALECTS: dict[str, Dialect] = {
    "openai_chat": OpenAIChat(),
    "openai_completions": OpenAICompletions(),
    "openai_responses": OpenAIResponses(),
    "openai_embeddings": OpenAIEmbeddings(),
    "openai_decisions": OpenAIDecisions(),
    "openai_images": OpenAIImages(),
    "openai_speech": OpenAISpeech(),
    "openai_transcriptions": OpenAITranscriptions(),
    "openai_rerank": OpenAIRerank(),
    "anthropic_messages": AnthropicMessages(),
    "gemini": Gemini(),
    "gemini_embeddings": GeminiEmbeddings(),
    "bedrock_converse": BedrockConverse(),
    "bedrock_invoke": BedrockInvoke(),
    "ollama": Ollama(),
    "ollama_embeddings": OllamaEmbeddings(),
    "cohere_chat": CohereChat(),
    "cohere_meta": CohereMeta(),
    "mistral_conversations": MistralConversations(),
    "mistral_ocr": MistralOCR(),
    "mistral_transcription": MistralTranscription(),
    "mistral_speech": MistralSpeech(),
    "mistral_moderation": MistralModeration(),
    "voyage": Voyage(),
    "gemini_interactions": GeminiInteractions(),
    "gemini_images": GeminiImages(),
    "gemini_videos": GeminiVideos(),
    "perplexity_search": PerplexitySearch(),
    "cloudflare_run": CloudflareRun(),
}
"""Every dialect, by the name that `providers.yaml` gives it."""
