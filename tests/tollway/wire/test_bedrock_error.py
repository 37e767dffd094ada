"""Errors of ours are raised by AWS's SDKs as errors of AWS's, and those are known by their names."""

import json
from typing import Any

import pytest

from tollway.wire.bedrock_error import error, error_type


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "ValidationException"),
        (402, "ServiceQuotaExceededException"),
        (403, "AccessDeniedException"),
        (426, "ValidationException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (502, "ServiceUnavailableException"),
        (503, "ServiceUnavailableException"),
    ],
)
def test_an_error_has_the_shape_of_awss(status: int, kind: str) -> None:
    """No `code`: the SDKs of JavaScript and Python would take it for the error's type."""
    assert json.loads(error(status, "Limit reached", "limit")) == {
        "__type": kind,
        "message": "Limit reached",
        "reason": "limit",
    }


def test_an_error_of_ours_is_known_as_one() -> None:
    assert error_type({}, json.loads(error(429, "m", "c"))) == "ThrottlingException"


@pytest.mark.parametrize(
    ("header", "body", "kind"),
    [
        ("ValidationException:http://internal.amazon.com/coral/", {"message": "m"}, "ValidationException"),
        ("ThrottlingException", {}, "ThrottlingException"),
        ("", {"__type": "com.amazon.bedrock#AccessDeniedException", "Message": "m"}, "AccessDeniedException"),
        ("", {"message": "The provided model identifier is invalid."}, "error"),
        ("", {"Message": "User is not authorized"}, "error"),
        ("", {"message": "A talk about a video.", "finishReason": "stop"}, None),
        ("", {"__type": "", "output": {}}, None),
        ("", {}, None),
    ],
)
def test_an_error_is_known_by_header_type_or_its_bare_message(
    header: str, body: dict[str, Any], kind: str | None
) -> None:
    assert error_type({"x-amzn-errortype": header}, body) == kind
