"""Errors of Chat hosts are said as Anthropic would."""

import json
from typing import Any

import pytest

from tests.tollway.translation.chats import cut
from tollway.translation.errors import LONGEST, ErrorBody, error_within, is_error, message_of


def translated(status: int, body: object) -> dict[str, Any]:
    """What a body comes to, however it is cut."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    said = cut(ErrorBody(status), data)
    assert said == cut(ErrorBody(status), data, range(0, len(data), 3))
    assert is_error(said)
    found: dict[str, Any] = json.loads(said)["error"]
    return found


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"), (401, "authentication_error"), (403, "permission_error"),
        (404, "not_found_error"), (413, "request_too_large"), (429, "rate_limit_error"),
        (500, "api_error"), (503, "api_error"), (529, "overloaded_error"),
    ],
)  # fmt: skip
def test_the_status_is_the_kind_of_error(status: int, kind: str) -> None:
    body = {"error": {"message": "said so", "type": "some_error", "param": None, "code": "some_code"}}

    assert translated(status, body) == {"type": kind, "message": "said so", "code": "some_code"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"object": "error", "message": "no such model"}, "no such model"),
        ({"detail": [{"msg": "field required"}]}, '[{"msg":"field required"}]'),
        ({"error": "not found"}, "not found"),
        ({"message": "a gateway's"}, "a gateway's"),
        ({"error": {"code": 5}}, "the provider answered 502"),
        ({"error": ["odd"]}, "the provider answered 502"),
        (b"<html>Bad Gateway</html>", "<html>Bad Gateway</html>"),
        (b'[{"error": {"message": "x"}}]', '[{"error": {"message": "x"}}]'),
        (b"", "the provider answered 502"),
    ],
)
def test_whatever_its_shape_it_says_what_was_said(body: object, says: str) -> None:
    assert translated(502, body)["message"] == says


def test_a_conversation_that_is_too_long_is_said_in_words_that_programs_know() -> None:
    said = {"error": {"message": "This model reads 128000 tokens.", "type": "invalid_request_error",
                      "code": "context_length_exceeded"}}  # fmt: skip

    assert translated(400, said)["message"] == "prompt is too long: This model reads 128000 tokens."
    said["error"]["message"] = "prompt is too long: 5"
    assert translated(400, said)["message"] == "prompt is too long: 5"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "rate_limit_error"}, "rate_limit_error"),
        ({"code": "insufficient_quota"}, "rate_limit_error"),
        ({"code": 529}, "overloaded_error"),
        ({"code": 200}, "api_error"),
        ({"type": "overloaded_error", "code": "x"}, "overloaded_error"),
        ("words", "api_error"),
    ],
)
def test_amid_a_stream_type_and_code_tell_the_kind(error: object, kind: str) -> None:
    assert json.loads(error_within({"error": error}))["error"]["type"] == kind


def test_what_has_no_words_is_said_in_ours() -> None:
    assert json.loads(error_within({"object": "error"}))["error"]["message"] == "the provider failed"
    assert message_of({"error": {}}) is None


def test_what_is_read_of_an_error_is_bounded() -> None:
    body = ErrorBody(500)
    body.feed(b"x" * LONGEST)
    body.feed(b"y" * LONGEST)

    assert len(body.flush()) < 1000
