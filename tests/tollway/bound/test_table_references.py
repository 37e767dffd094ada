"""What a request only points at, and images: bound by what a model makes of them, or not at all."""

from typing import Any

import pytest

from tests.tollway.bound.bounds import GEMINI, LARGE, RESPONSE, bounded, read, reason
from tollway.bound.capacity import Capacity


@pytest.mark.parametrize(
    ("dialect", "body", "key"),
    [
        ("openai_responses", RESPONSE | {"previous_response_id": "resp_1"}, "previous_response_id"),
        ("openai_responses", RESPONSE | {"conversation": {"id": "conv_1"}}, "conversation"),
        ("openai_responses", RESPONSE | {"prompt": {"id": "pmpt_1"}}, "prompt"),
        ("openai_responses", {"input": [{"type": "item_reference", "id": "i"}]}, "input"),
        (
            "openai_responses",
            {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]},
            "input.content",
        ),
        (
            "openai_chat",
            {"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]},
            "messages",
        ),
        (
            "anthropic_messages",
            {"messages": [{"content": [{"type": "document", "source": {"type": "url", "url": "u"}}]}]},
            "messages.content.source",
        ),
        ("gemini", GEMINI | {"cachedContent": "cachedContents/1"}, "cachedContent"),
        ("gemini", {"contents": [{"parts": [{"file_data": {"file_uri": "u"}}]}]}, "contents.parts.file_data"),
        ("bedrock_converse", {"messages": [{"content": [{"document": {"source": {}}}]}]}, "document"),
    ],
)
def test_a_reference_is_bound_by_the_context_window_or_not_at_all(
    dialect: str, body: dict[str, Any], key: str
) -> None:
    """What the provider has stored, or fetches, may be as long as the model reads."""
    assert read(bounded(dialect, body, LARGE)) == 200_000
    assert key in reason(dialect, body)
    assert "of " in reason(dialect, body)


@pytest.mark.parametrize(
    ("dialect", "block"),
    [
        ("anthropic_messages", {"type": "image", "source": {"type": "base64", "data": "A" * 90_000}}),
        ("openai_chat", {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 90_000}}),
        ("bedrock_converse", {"image": {"format": "png", "source": {"bytes": "A" * 90_000}}}),
    ],
)
def test_an_image_counts_as_much_as_its_model_makes_of_one(dialect: str, block: dict[str, Any]) -> None:
    """However many bytes it has; two are two."""
    one, two = ({"messages": [{"role": "user", "content": [block] * n}]} for n in (1, 2))

    assert read(bounded(dialect, two, LARGE)) - read(bounded(dialect, one, LARGE)) in range(1_600, 1_620)
    assert "1 images of 1600 tokens" in bounded(dialect, one, LARGE).why[0]
    assert bounded(dialect, one, LARGE).shape == f"{dialect} images+text"


def test_an_image_of_unknown_size_is_bound_by_the_context_window() -> None:
    body = {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]}]}

    assert read(bounded("openai_chat", body, Capacity(context=50_000))) == 50_000
    assert reason("openai_chat", body) == "of an image no size is known, nor the model's context window"


def test_an_image_of_gemini_is_told_by_its_media_type() -> None:
    """What is not said to be an image may be a film."""
    for kind in ("mimeType", "mime_type"):
        image = {"contents": [{"parts": [{"inlineData": {kind: "image/png", "data": "AAAA"}}]}]}
        film = {"contents": [{"parts": [{"inlineData": {kind: "video/mp4", "data": "AAAA"}}]}]}

        assert read(bounded("gemini", image, LARGE)) < 5_000
        assert read(bounded("gemini", film, LARGE)) == 200_000
