"""What a rule may ask of a call beside its model."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tollway.routing.circumstances import Circumstances


def of(body: dict[str, Any]) -> Circumstances:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Circumstances(attributes={}, at=at, size=1, stream=False, body=body)


@pytest.mark.parametrize(
    ("body", "has"),
    [
        ({}, False),
        ({"tools": []}, False),
        ({"tools": [{"name": "x"}]}, True),
        ({"functions": [{"name": "x"}]}, True),
        ({"toolConfig": {"tools": [{"toolSpec": {}}]}}, True),
        ({"toolConfig": {"functionCallingConfig": {}}}, False),
        ({"messages": [{"tools": "x"}]}, False),
    ],
)
def test_tools_are_those_that_the_model_may_call(body: dict[str, Any], has: bool) -> None:
    assert of(body).has_tools is has


@pytest.mark.parametrize(
    ("body", "has"),
    [
        ({}, False),
        ({"messages": [{"role": "user", "content": "an image"}]}, False),
        ({"messages": [{"content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, True),
        ({"input": [{"content": [{"type": "input_image", "image_url": "x"}]}]}, True),
        ({"messages": [{"content": [{"type": "image", "source": {}}]}]}, True),
        ({"messages": [{"content": [{"type": "tool_result", "content": [{"type": "image"}]}]}]}, True),
        ({"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": ""}}]}]}, True),
        ({"contents": [{"parts": [{"file_data": {"mime_type": "image/jpeg"}}]}]}, True),
        ({"contents": [{"parts": [{"inlineData": {"mimeType": "audio/wav"}}]}]}, False),
        ({"messages": [{"content": [{"image": {"format": "png"}}]}]}, True),
        ({"messages": [{"role": "user", "content": "x", "images": ["..."]}]}, True),
        ({"messages": [{"role": "user", "content": "x", "images": []}]}, False),
    ],
)
def test_pictures_are_found_in_each_format(body: dict[str, Any], has: bool) -> None:
    assert of(body).has_images is has


def test_no_prompt_is_seen_in_logs() -> None:
    assert "secret" not in repr(of({"messages": "secret"}))
