"""Blocks as texts, pictures and calls; what has no counterpart is refused by its name."""

from typing import Any

import pytest

from tollway.translation.content import blocks, call, part, result, text_of
from tollway.translation.refused import Refused

BASE64 = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
URL = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
USE = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"path": "é"}}


def test_a_string_is_a_block_of_text() -> None:
    assert blocks("x", "hi") == [{"type": "text", "text": "hi"}]
    assert blocks("x", None) == []


def test_pictures_are_parts_with_a_url() -> None:
    assert part("x", BASE64) == {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
    assert part("x", URL) == {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def test_the_use_of_a_tool_is_a_call_with_its_arguments_as_text() -> None:
    assert call("x", USE | {"caller": {"type": "direct"}}, nine=False) == {
        "id": "toolu_1",
        "type": "function",
        "function": {"name": "read", "arguments": '{"path":"é"}'},
    }


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        ("found", "found"),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "a\n\nb"),
        ([{"type": "tool_reference", "tool_name": "WebFetch"}], "The tool WebFetch is available."),
        ([BASE64, {"type": "text", "text": "a"}], "a"),
    ],
)
def test_a_result_is_its_texts(content: object, text: str) -> None:
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content}
    found = result("x", block, nine=False)

    assert (found.id, found.text) == ("toolu_1", text)
    assert result("x", block | {"is_error": True}, nine=False).text == f"Error: {text}"
    assert len(found.pictures) == (isinstance(content, list) and BASE64 in content)


def test_ids_of_a_call_and_its_result_are_the_same_for_mistral() -> None:
    block = {"type": "tool_result", "tool_use_id": "toolu_1"}

    assert call("x", USE, nine=True)["id"] == result("x", block, nine=True).id != "toolu_1"


def source(**members: Any) -> dict[str, Any]:
    return {"type": "image", "source": members}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([{"type": "document", "source": {}}], "x: document has no counterpart in OpenAI Chat"),
        ([{"type": "redacted_thinking", "data": "x"}], "redacted_thinking has no counterpart"),
        ([{"type": "server_tool_use"}], "server_tool_use has no counterpart"),
        ([{"type": "web_search_tool_result"}], "web_search_tool_result has no counterpart"),
        ([{"type": "mcp_tool_use"}], "mcp_tool_use has no counterpart"),
        ([{"type": "container_upload", "file_id": "f"}], "container_upload has no counterpart"),
        ([{"type": "search_result"}], "search_result has no counterpart"),
        ([{"type": ["text"]}], "has no counterpart"),
        ([{}], "None has no counterpart"),
        (["text"], "x: it is no object"),
        (5, "x: it is no list"),
        ([{"type": "text", "text": "a", "style": "b"}], "x: text.style: OpenAI Chat has nothing like it"),
    ],
)
def test_what_is_not_known_is_refused(content: object, says: str) -> None:
    with pytest.raises(Refused, match=says):
        blocks("x", content)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (source(type="file", file_id="f"), "a picture from a file is one that only the first provider has"),
        (source(type="url"), "image.source.url: it is no text"),
        (source(type="url", url="u", x=1), "image.source.x"),
        (source(type="base64", data="x"), "image.source.media_type: it is no text"),
        (source(type="base64", media_type="image/png"), "image.source.data: it is no text"),
        (source(type="base64", media_type="image/png", data="x", x=1), "image.source.x"),
        ({"type": "image"}, "image.source: it is no object"),
        ({"type": "tool_use"}, "tool_use can't stand here"),
        ({"type": "text", "text": "a", "citations": [{}]}, "citations have no counterpart"),
        ({"type": "text"}, "text: it is no text"),
    ],
)
def test_what_is_no_part_is_refused(block: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        part("x", block)


def test_a_text_may_have_no_citations() -> None:
    assert text_of("x", {"type": "text", "text": "a", "citations": None}) == "a"
    assert text_of("x", {"type": "text", "text": "a", "citations": []}) == "a"


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (USE | {"input": "x"}, "tool_use.input: it is no object"),
        (USE | {"name": None}, "tool_use.name: it is no text"),
        (USE | {"id": None}, "tool_use.id: it is no text"),
        (USE | {"caller": {"type": "code_execution_20250825"}}, "tool_use.caller"),
    ],
)
def test_a_call_that_is_none_is_refused(block: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        call("x", block, nine=False)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ({"content": "x"}, "tool_result.tool_use_id: it is no text"),
        ({"tool_use_id": "a", "content": [{"type": "document"}]}, "tool_result: document has no counterpart"),
        ({"tool_use_id": "a", "content": [USE]}, "tool_use can't stand here"),
    ],
)
def test_a_result_that_is_none_is_refused(block: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        result("x", {"type": "tool_result", **block}, nine=False)
