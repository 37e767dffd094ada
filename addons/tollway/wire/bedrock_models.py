"""What an answer of InvokeModel used, in the format of whichever model made it.

An inference profile's name hides the model, so the answer's own shape tells the format.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.model import Portion, Usage
from tollway.wire import anthropic_usage, bedrock_usage, openai_usage
from tollway.wire.counts import count, first, part, text

READ = (
    "id", "model", "usage", "meta", "inputTextTokenCount", "prompt_token_count", "generation_token_count",
    "results", "images", "artifacts", "message", "__type",
)  # fmt: skip
"""The members that tell what was used, or that it is an error."""

SAID = ("content", "output", "results", "generation", "outputs", "text", "choices", "completion")
"""The members that hold what a model wrote."""


def usage_in(body: Mapping[str, Any]) -> tuple[Usage | None, tuple[Portion, ...]]:
    """What the body says was used, and each model's share where several took part; None if nothing."""
    usage = part(body, "usage")
    if "input_tokens" in usage:  # Claude
        return anthropic_usage.billed(usage, text(body, "model"))
    if "prompt_tokens" in usage:  # OpenAI's form: gpt-oss, DeepSeek, Qwen, Jamba, Mistral's newer ones ...
        return openai_usage.usage_of(usage), ()
    if usage:  # Nova
        return bedrock_usage.usage_of(usage), ()
    return _plain(body), ()


def _plain(body: Mapping[str, Any]) -> Usage | None:
    """The counts of those that have no `usage`: Titan, Llama, Cohere, and what draws images."""
    cohere = part(part(body, "meta"), "billed_units")
    came = (first(body, "inputTextTokenCount", "prompt_token_count"), first(cohere, "input_tokens"))
    went = (
        first(body, "generation_token_count"),
        _titan(body.get("results")),
        first(cohere, "output_tokens"),
    )
    found = Usage(input_tokens=_said(came), output_tokens=_said(went), images=_images(body))
    return found if found != _NOTHING else None


_NOTHING = Usage()


def _said(counts: tuple[int | None, ...]) -> int | None:
    return next((n for n in counts if n is not None), None)


def _titan(results: object) -> int | None:
    """Titan's output: each of its results has its count."""
    known = [n for n in _counts(results) if n is not None]
    return sum(known) if known else None


def _counts(results: object) -> Iterator[int | None]:
    for result in results if isinstance(results, list) else ():
        yield count(result.get("tokenCount")) if isinstance(result, dict) else None


def _images(body: Mapping[str, Any]) -> int | None:
    """Images drawn: Titan, Nova Canvas and Stability list them in base64, Stable Diffusion XL as artifacts.

    Cohere's embeddings list the sizes of what they were shown under the same name.
    """
    drawn, artifacts = body.get("images"), body.get("artifacts")
    if isinstance(drawn, list) and all(isinstance(image, str) for image in drawn):
        return len(drawn)
    return len(artifacts) if isinstance(artifacts, list) else None
