"""Errors of ours are what OpenAI's SDKs expect."""

import json

import pytest

from tollway.wire.openai_error import error


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (402, "invalid_request_error"),
        (403, "permission_error"),
        (426, "invalid_request_error"),
        (429, "rate_limit_error"),
        (500, "server_error"),
        (503, "server_error"),
    ],
)
def test_the_type_goes_by_the_status(status: int, kind: str) -> None:
    assert json.loads(error(status, 'a "message"', "a_code")) == {
        "error": {"message": 'a "message"', "type": kind, "param": None, "code": "a_code"}
    }
