"""Why an answer ends: Chat's finish reasons as Anthropic's stop reasons."""

from collections.abc import Mapping

_REASONS: Mapping[str, str] = {
    "length": "max_tokens",
    "content_filter": "refusal",
    "sensitive": "refusal",  # Z.ai
    "model_length": "model_context_window_exceeded",  # Mistral
    "model_context_window_exceeded": "model_context_window_exceeded",  # Z.ai
}
"""Those that mean the same whatever was written. Chat does not tell a stop sequence from an end."""
_FAILED = frozenset({"error", "abort", "insufficient_system_resource", "network_error"})
"""OpenRouter's and Mistral's; vLLM's; DeepSeek's; Z.ai's."""


def stop_reason(finish: str | None, *, calls: bool, refused: bool) -> str | None:
    """The stop reason; None: the model did not end, it failed.

    `calls`: the answer has some, whatever it ends with: for a function that was asked for by its name OpenAI
    says `stop`. `refused`: what it says is a refusal.
    """
    if finish in _FAILED:
        return None
    if refused:
        return "refusal"
    if finish is not None and finish in _REASONS:
        return _REASONS[finish]
    return "tool_use" if calls else "end_turn"
