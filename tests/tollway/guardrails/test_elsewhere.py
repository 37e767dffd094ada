"""Files by URL or id, and what only looks like a file, in the dialects' own words."""

import base64
import json
from typing import Any

import pytest

from tollway.guardrails.elsewhere import elsewhere
from tollway.guardrails.flat import flat

HTTPS = "https://example.com/a.png"
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256))).decode()
FILES: dict[str, Any] = {
    "claude url": {"type": "image", "source": {"type": "url", "url": HTTPS}},
    "claude id": {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
    "claude upload": {"type": "container_upload", "file_id": "file_1"},
    "chat url": {"type": "image_url", "image_url": {"url": HTTPS, "detail": "low"}},
    "chat id": {"type": "file", "file": {"file_id": "file-1"}},
    "responses url": {"type": "input_image", "image_url": HTTPS},
    "responses id": {"type": "input_image", "file_id": "file-1"},
    "responses file": {"type": "input_file", "file_url": HTTPS},
    "responses container": {"tools": [{"container": {"type": "auto", "file_ids": ["file-1"]}}]},
    "mistral document": {"document": {"type": "document_url", "document_url": HTTPS}},
    "mistral sound": {"type": "input_audio", "input_audio": HTTPS},
    "gemini": {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}},
    "gemini snake": {"file_data": {"mime_type": "image/png", "file_uri": "gs://bucket/a.png"}},
    "gemini result": {"functionResponse": {"name": "x", "parts": [{"fileData": {"fileUri": HTTPS}}]}},
    "interactions": {"type": "document", "uri": HTTPS, "mime_type": "application/pdf"},
    "converse": {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/a.png"}}}},
    "ollama": {"role": "user", "content": "look", "images": [PICTURE]},
    "hidden name": b'{"type": "input_image", "image\\u005furl": "https://example.com/a.png"}',
    "tool result": {"type": "tool_result", "content": [{"source": {"type": "url", "url": HTTPS}}]},
}
NONE: dict[str, Any] = {
    "in the body": {"type": "image_url", "image_url": {"url": "data:image/png;base64," + PICTURE}},
    "a sound in the body": {"input_audio": {"data": PICTURE, "format": "wav"}},
    "a text": {"type": "text", "text": f"see image_url {HTTPS}"},
    "no place": {"image_url": {"detail": "low"}, "file_id": None, "file_url": ""},
    "an argument": {"type": "tool_use", "input": {"file_id": "1", "image_url": HTTPS}},
    "another": {"functionCall": {"name": "x", "args": {"fileUri": HTTPS}}},
    "a result": {"functionResponse": {"name": "x", "response": {"image_url": HTTPS}}},
    "a definition": {"input_schema": {"properties": {"image_url": {"url": "where it is"}}}},
    "a server": {"type": "mcp", "server_url": HTTPS, "uri": HTTPS, "url": HTTPS},
    "a page found": {"type": "web_search_tool_result", "content": [{"url": HTTPS, "file_id": "1"}]},
    "a citation": {"type": "container_file_citation", "file_id": "1"},
    "a search": {"type": "file_search_call", "results": [{"file_id": "1", "text": "x"}]},
    "no json": b'{"file_id": "1"',
    "no names": [1, "image_url", [None]],
}


def body(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@pytest.mark.parametrize("value", FILES.values(), ids=FILES)
def test_a_file_that_is_elsewhere_counts(value: Any) -> None:
    """None did, so that `unscanned: block` let pictures by their address pass."""
    assert elsewhere(body(value)) == 1


@pytest.mark.parametrize("value", NONE.values(), ids=NONE)
def test_what_is_in_the_body_or_no_file_does_not(value: Any) -> None:
    assert elsewhere(body(value)) == 0


def test_each_counts() -> None:
    """A list is gone through as a whole."""
    assert elsewhere(body([one for one in FILES.values() if not isinstance(one, bytes)])) == len(FILES) - 1


@pytest.mark.parametrize("times", [1, 3])
def test_thoughts_that_a_provider_hides_are_no_file(times: int) -> None:
    """Each turn of an agent's conversation has them back."""
    made = body([{"type": "redacted_thinking", "data": PICTURE}, {"data": PICTURE}] * times)

    assert (flat(made).unread, elsewhere(made)) == (2 * times, -times)


@pytest.mark.parametrize("data", [base64.b64encode(b"bluebird " * 30).decode(), "abc", PICTURE[:150], 7])
def test_those_that_were_not_taken_for_one_take_nothing_away(data: object) -> None:
    """Such as a text, which is looked through."""
    made = body({"type": "redacted_thinking", "data": data})

    assert (flat(made).unread, elsewhere(made)) == (0, 0)
