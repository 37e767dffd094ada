"""Tools and pictures are found where models have them, and not in what callers make up."""

from typing import Any

import pytest

from tollway.routing.contents import has_images, has_tools

SCHEMA = {"type": "object", "properties": {"image": {"type": "image"}}}


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
    assert has_tools(body) is has


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"content": [{"type": "image", "source": {}}]}]},
        {"messages": [{"content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        {"input": [{"content": [{"type": "input_image", "image_url": "x"}]}]},
        {"messages": [{"content": [{"type": "tool_result", "content": [{"type": "image"}]}]}]},
        {"contents": [{"parts": [{"inline_data": {"mime_type": "image/png"}}]}]},
        {"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": ""}}]}]},
        {"contents": [{"parts": [{"file_data": {"mime_type": "image/jpeg"}}]}]},
        {"messages": [{"content": [{"image": {"format": "png"}}]}]},
        {"messages": [{"role": "user", "content": "what is it?", "images": ["x"]}]},
    ],
)
def test_pictures_are_found_however_a_format_has_them(body: dict[str, Any]) -> None:
    assert has_images(body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"messages": [{"role": "user", "content": "an image"}]},
        {"messages": [{"role": "user", "content": "x", "images": []}]},
        {"tools": [{"name": "draw", "input_schema": SCHEMA}]},
        {"toolConfig": {"tools": [{"toolSpec": {"inputSchema": {"json": SCHEMA}}}]}},
        {"messages": [{"content": [{"type": "tool_use", "input": {"image": {"type": "image"}}}]}]},
        {"contents": [{"parts": [{"functionCall": {"args": {"image": {}}}}]}]},
        {"response_format": {"type": "json_schema", "json_schema": SCHEMA}},
        {"generationConfig": {"responseSchema": SCHEMA}},
        {"metadata": {"image": {}}},
        {"contents": [{"parts": [{"inlineData": {"mimeType": "audio/wav"}}]}]},
        {"messages": [{"type": {"type": ["string", "null"]}}]},
    ],
)
def test_what_only_is_called_so_is_none(body: dict[str, Any]) -> None:
    assert not has_images(body)
